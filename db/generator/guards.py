"""Generate the triggers of what never changes, also not by the owner's hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
    frozen = {c: f"old.{quoted(c)} is distinct from new.{quoted(c)}" for c in _frozen(table)}
    once = {
        c: f"(old.{quoted(c)} is not null and old.{quoted(c)} is distinct from new.{quoted(c)})" for c in _once(table)
    }
    for trigger, conditions in (("is_frozen", frozen), ("is_set_once", once)):
        if conditions:
            # Only where a statement sets one of them: a condition is parsed anew for each statement that it is for.
            columns = ", ".join(quoted(c) for c in conditions)
            yield f"create trigger {trigger} before update of {columns} on {name} for each row when ("
            yield f"  {_or(conditions.values())}"
            yield ") execute function refuse_change();"


def _frozen(table: Table) -> tuple[str, ...]:
    keys = ("organization", "id") if "id" in table.columns else ()
    return () if table.info.get("insert_only") else (*keys, *table.info.get("frozen", ()))


def _once(table: Table) -> tuple[str, ...]:
    return tuple(table.info.get("once", ()))


def _or(conditions: Iterable[str]) -> str:
    return "\n  or ".join(conditions)
