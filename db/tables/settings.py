"""Runtime settings: numbers and switches that change without a restart."""

from sqlalchemy import UniqueConstraint

from db.tables.columns import Noun, head, one_of, words


class RuntimeSetting(Noun, table=True):
    __tablename__ = "runtime_setting"
    __table_args__ = (
        head("runtime_setting"),
        UniqueConstraint("organization", "key"),
        one_of("kind", ("integer", "boolean", "duration", "basis_points", "text")),
        {"info": {"reads": "acting"}},
    )

    key: str = words()
    title: str = words()
    kind: str = words()
    value: str = words()
    default_value: str = words()
    minimum: str | None = words(nullable=True)
    maximum: str | None = words(nullable=True)
