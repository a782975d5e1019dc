"""Generate the triggers of what never changes, also not by the owner's hand."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from db.generator.words import HEADER, quoted
from db.tables import METADATA
from domain.machines import MACHINES


def guards_sql() -> str:
    """Triggers for what never changes, also not by the owner's hand."""
    return HEADER + "\n" + "\n".join(line for table in METADATA.sorted_tables for line in _guards(table))


def _guards(table: Table) -> Iterator[str]:
    name, info = quoted(table.name), table.info
    nouns = {machine.table for machine in MACHINES.values()}
    if info.get("insert_only"):
        yield f"create trigger is_insert_only before update or delete on {name} for each row"
        yield "  execute function refuse_change();"
    elif table.name in nouns:
        yield f"create trigger is_never_deleted before delete on {name} for each row execute function refuse_change();"
    if info.get("insert_only") or table.name in nouns:
        yield f"create trigger is_never_emptied before truncate on {name} for each statement"
        yield "  execute function refuse_change();"
    conditions = [f"old.{quoted(c)} is distinct from new.{quoted(c)}" for c in _frozen(table)]
    conditions += [
        f"(old.{quoted(c)} is not null and old.{quoted(c)} is distinct from new.{quoted(c)})"
        for c in info.get("once", ())
    ]
    if conditions:
        yield f"create trigger is_frozen before update on {name} for each row when (\n  {_or(conditions)}"
        yield ") execute function refuse_change();"


def _frozen(table: Table) -> tuple[str, ...]:
    keys = ("organization", "id") if "id" in table.columns else ()
    return () if table.info.get("insert_only") else (*keys, *table.info.get("frozen", ()))


def _or(conditions: list[str]) -> str:
    return "\n  or ".join(conditions)
