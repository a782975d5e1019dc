"""Everything that the first release needs."""

from db.migrations import run

revision = "20261121T0900_pre_first"
down_revision = None


def upgrade() -> None:
    run(__file__)
