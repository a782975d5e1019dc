"""SQL that is generated from the machines and the tables; `make derive` writes it, migrations carry it."""

from db.generator.edges import edges_sql
from db.generator.effects import apply_sql, parents_sql, parse_sql, type_sql
from db.generator.guards import guards_sql
from db.generator.rows import advance_sql, create_sql, put_sql, put_tables
from db.generator.words import FOLDER, HEADER
from domain.machines import MACHINES


def functions() -> dict[str, str]:
    """The generated files of `db/effects/generated/` by name."""
    return {
        "edges": edges_sql(),
        "type": type_sql(),
        "parse": parse_sql(),
        "advance": HEADER + "\n" + "\n".join(advance_sql(noun) for noun in MACHINES),
        "create": HEADER + "\n" + "\n".join(create_sql(noun) for noun in MACHINES),
        "put": HEADER + "\n" + "\n".join(put_sql(table) for table in put_tables()),
        "parents": parents_sql(),
        "apply": apply_sql(),
        "guards": guards_sql(),
    }


__all__ = ["FOLDER", "HEADER", "functions"]
