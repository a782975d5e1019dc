"""Generate the functions of rows: advance and create for nouns, put for tables without a life."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Integer, LargeBinary, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from db.generator.words import DIALECT, quoted, table_of
from db.tables import METADATA
from db.tables.columns import Instant

# Columns of a noun that the write itself fills.
_KEPT = ("organization", "id", "state", "version", "counterparty", "created_at", "updated_at")


def advance_sql(noun: str) -> str:
    """Move one row of one noun along an edge."""
    table = table_of(noun)
    settable = table.info.get("settable", ())
    sets = [
        f"    {quoted(c)} = case when e.set ? '{c}' then {_read('e.set', table.columns[c])} else t.{quoted(c)} end"
        for c in settable
    ]
    moves = ",\n".join(["    state = e.target, version = t.version + 1, updated_at = clock_timestamp()", *sets])
    return f"""create function advance_{noun}(e effect, makers uuid[]) returns effect language plpgsql as $$
declare found_version integer;
begin
{_only("e.set", settable, noun)}{_made_by("e.set", table, settable)}\
  update {quoted(table.name)} t set
{moves}
   where t.organization = e.organization and t.id = e.id and t.state = e.source
     and (t.version = e.version or coalesce(e.any_version, false))
  returning t.version, t.counterparty into e.version, e.counterparty;
  if not found then
    select t.version into found_version from {quoted(table.name)} t
     where t.organization = e.organization and t.id = e.id;
    perform coded('PC001', 'stale', jsonb_build_object('noun', e.noun, 'id', e.id, 'now', found_version));
  end if;
  return e;
end $$;
"""


def create_sql(noun: str) -> str:
    """Insert one row of one noun at version 1."""
    table = table_of(noun)
    kept = (*_KEPT, *table.info.get("kept", ()))
    own = [c for c in table.columns if c.name not in kept and c.computed is None]
    return f"""create function create_{noun}(e effect, taken jsonb, makers uuid[]) returns effect language plpgsql as $$
begin
{_only("e.row", [c.name for c in own], noun)}{_made_by("e.row", table, [c.name for c in own])}{_signed(table)}\
  insert into {quoted(table.name)} (organization, id, state, version, counterparty{_comma(own)})
  select e.organization, e.id, e.target, 1, e.counterparty{"".join(f", {_value(c)}" for c in own)}
    from jsonb_to_record(coalesce(e.row, '{{}}'::jsonb)) as r({_record(own) or "nothing text"})
  on conflict do nothing;
  if not found then
    perform coded('PC002', 'exists', jsonb_build_object('noun', e.noun, 'id', e.id));
  end if;
{_LEASED if noun == "saga" else ""}  e.version := 1;
  return e;
end $$;
"""


# A saga is made together with its lease, so that a crash right after leaves it to others from its first due time on,
# and driving it at once takes no write of its own.
_LEASED = """  insert into lease (name, organization, holder, fence, until)
  values ('saga:' || e.id, e.organization, e.id, 1,
          least(coalesce((e.row->>'next_attempt_at')::timestamptz, clock_timestamp()),
                clock_timestamp() + interval '60 seconds'));
"""


def put_sql(table: Table) -> str:
    """Insert one row of a table without a life, which belongs to an aggregate of the same change."""
    own = [c for c in table.columns if c.name not in ("organization", "id") and c.computed is None]
    return f"""create function put_{table.name}(e effect, makers uuid[], moved uuid[]) returns void
language plpgsql as $$
begin
{_only("e.row", [c.name for c in own], table.name)}{_made_by("e.row", table, [c.name for c in own])}{_belongs(table)}\
  insert into {quoted(table.name)} (organization, id{_comma(own)})
  select e.organization, e.id{"".join(f", {_value(c)}" for c in own)}
    from jsonb_to_record(e.row) as r({_record(own)})
  on conflict do nothing;
  if not found then
    perform coded('PC002', 'exists', jsonb_build_object('noun', '{table.name}', 'id', e.id));
  end if;
end $$;
"""


def _belongs(table: Table) -> str:
    """A Put row names an aggregate that the same change moves."""
    columns = table.info.get("of", ())
    if not columns:
        return ""
    values = ", ".join(f"(e.row->>'{c}')::uuid" for c in columns)
    return f"""  if makers is not null and not array[{values}] && moved then
    perform coded('PC022', 'unlisted', jsonb_build_object('noun', '{table.name}', 'id', e.id));
  end if;
"""


def put_tables() -> list[Table]:
    return [table for table in METADATA.sorted_tables if table.info.get("by_effect")]


def _comma(columns: list[Column[object]]) -> str:
    return "".join(f", {quoted(c.name)}" for c in columns)


def _record(columns: list[Column[object]]) -> str:
    return ", ".join(f"{quoted(c.name)} {c.type.compile(dialect=DIALECT).lower()}" for c in columns)


def _value(column: Column[object]) -> str:
    """One column out of the record: its default where nothing was given, a taken number behind its prefix."""
    name = f"r.{quoted(column.name)}"
    if column.name == "number" and not isinstance(column.type, Integer):
        return f"coalesce({name}, '') || coalesce(taken->>e.counter, '')"
    if column.server_default is not None:
        return f"coalesce({name}, {column.server_default.arg})"  # type: ignore[attr-defined]
    return name


def _read(source: str, column: Column[object]) -> str:
    """One value out of a jsonb object, as the column's type."""
    kind, text = column.type, f"{source}->>'{column.name}'"
    if isinstance(kind, JSONB):
        return f"nullif({source}->'{column.name}', 'null')"
    if isinstance(kind, ARRAY):
        return f"array(select jsonb_array_elements_text({source}->'{column.name}'))"
    for cls, cast in ((Uuid, "uuid"), (BigInteger, "bigint"), (Integer, "integer"), (Boolean, "boolean")):
        if isinstance(kind, cls):
            return f"({text})::{cast}"
    if isinstance(kind, Instant):
        return f"({text})::timestamptz"
    return f"({text})::bytea" if isinstance(kind, LargeBinary) else text


def _only(source: str, names: Iterable[str], noun: str) -> str:
    """A column that this table does not let through is a bug or an attack, never ignored."""
    listed = ", ".join(names)
    return f"""  if {source} - '{{{listed}}}'::text[] <> '{{}}' then
    perform coded('PC022', 'unlisted', jsonb_build_object('noun', '{noun}', 'id', e.id, 'columns', {source}));
  end if;
"""


def _signed(table: Table) -> str:
    """A row that says who made it is not made without saying it."""
    column = table.info.get("signed")
    if column is None:
        return ""
    return f"""  if makers is not null and e.row->>'{column}' is null then
    perform coded('PC022', 'unlisted', jsonb_build_object('noun', '{table.name}', 'id', e.id, 'unsigned', '{column}'));
  end if;
"""


def _made_by(source: str, table: Table, among: Iterable[str]) -> str:
    """Whoever a row names as its maker is the one who acts (or for whom the system acts)."""
    names = [c for c in table.info.get("makers", ()) if c in set(among)]
    if not names:
        return ""
    values = ", ".join(f"({source}->>'{c}')::uuid" for c in names)
    return f"""  if makers is not null and not array_remove(array[{values}], null) <@ makers then
    perform coded('PC022', 'unlisted', jsonb_build_object('noun', '{table.name}', 'id', e.id, 'makers', {source}));
  end if;
"""
