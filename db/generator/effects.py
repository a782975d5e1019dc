"""Generate how effects travel: their composite type, their order, and which function each one is."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args

from db.generator.rows import put_tables
from db.generator.words import HEADER, quoted, table_of
from domain.effects import Advance, Effect
from domain.machines import MACHINES

EFFECTS: tuple[Any, ...] = get_args(Effect)

_SQL_TYPES = {
    **dict.fromkeys(
        ("person", "standing", "organization", "id", "counterparty", "cart", "line", "cause", "saga"), "uuid"
    ),
    **dict.fromkeys(("subject", "variant"), "uuid"),
    **dict.fromkeys(("noun", "source", "target", "action", "event", "counter", "table", "debit", "credit"), "text"),
    **dict.fromkeys(("currency", "step", "state", "key", "error", "field"), "text"),
    **dict.fromkeys(("set", "payload", "row"), "jsonb"),
    **dict.fromkeys(("version", "delta", "attempt", "after_s", "reserved", "on_hand"), "integer"),
    **dict.fromkeys(("amount", "fence"), "bigint"),
    "any_version": "boolean",
}


FUNCTIONS = {
    "EpochBump": "bump_epoch",
    "StandingBump": "bump_standing",
    "NumberTake": "take_number",
    "CartLineAdd": "add_cart_line",
    "CartLinePut": "put_cart_line",
    "Post": "post_transfer",
    "StepRecord": "record_step",
    "TimerSet": "set_timer",
    "TimerClear": "clear_timer",
    "VaultPut": "put_vault",
    "StockMove": "move_stock",
}


def type_sql() -> str:
    """The composite type of one effect: the fields of every effect value, its phase, and what the write adds."""
    columns = {"kind": "text", "entry": "uuid", "cipher": "bytea", "wrapped": "bytea"}
    for effect in EFFECTS:
        for field in fields(effect):
            if field.name != "text":  # leaves Python encrypted, as cipher and wrapped
                columns.setdefault(field.name, _SQL_TYPES[field.name])
    listed = ",\n".join(f"  {quoted(name)} {kind}" for name, kind in columns.items())
    return f"{HEADER}\ncreate type effect as (\n{listed}\n);\n"


def parse_sql() -> str:
    """One jsonb array becomes effects in the order in which they are written: own rows first, hot rows last."""
    phases = "\n".join(
        f"                 when '{effect.__name__}' then {effect.phase}" for effect in EFFECTS if effect is not Advance
    )
    return f"""{HEADER}
create function parse_effects(effects jsonb) returns effect[] language plpgsql as $$
declare
  created constant jsonb := jsonb_path_query_array(effects, '$[*] ? (@.kind == "Create").id');
begin
  -- An Advance of a row that the same change creates follows Create (40) and Put (41).
  return coalesce((
    select array_agg(s.x order by s.phase, s.sort collate "C", s.key, (s.x).version)
      from (
        select x,
               coalesce(x.noun, x."table", x.counter, '') as sort,
               coalesce(x.id, x.person, x.standing, x.line, x.variant, x.subject, x.saga, x.organization) as key,
               case x.kind
                 when 'Advance' then case when created ? x.id::text then 42 else {Advance.phase} end
{phases}
               end as phase
          from jsonb_populate_recordset(null::effect, effects) x) s), '{{}}');
end $$;
"""


def apply_sql() -> str:
    """One effect to its function, by static calls only."""
    advances = [f"        when '{n}' then return advance_{n}(e, makers);" for n in MACHINES]
    creates = [f"        when '{n}' then return create_{n}(e, taken, makers);" for n in MACHINES]
    puts = [f"        when '{t.name}' then perform put_{t.name}(e, makers, moved);" for t in put_tables()]
    calls = [
        f"    when '{kind}' then {'e.amount :=' if kind == 'NumberTake' else 'perform'} {call};"
        for kind, call in _calls().items()
    ]
    return "\n".join(
        [
            HEADER,
            "create function apply_effect(e effect, taken jsonb, makers uuid[], moved uuid[])",
            "returns effect language plpgsql as $$",
            "begin",
            "  case e.kind",
            *_dispatch("Advance", "e.noun", advances),
            *_dispatch("Create", "e.noun", creates),
            *_dispatch("Put", f"e.{quoted('table')}", puts),
            *calls,
            "  end case;",
            "  return e;",
            "end $$;",
            "",
        ]
    )


def _dispatch(kind: str, by: str, cases: list[str]) -> list[str]:
    return [f"    when '{kind}' then", f"      case {by}", *cases, "      end case;"]


def _calls() -> dict[str, str]:
    """The hand-written effect functions; their arguments are the fields of the value, in order."""
    calls = {}
    for effect in EFFECTS:
        if effect.__name__ in FUNCTIONS:
            arguments = [f"e.{quoted(n)}" for n in argument_names(effect)]
            calls[effect.__name__] = f"{FUNCTIONS[effect.__name__]}({', '.join(arguments)})"
    return calls


def argument_names(effect: Any) -> list[str]:
    """Arguments of an effect's function: the fields of its value; text travels encrypted."""
    names = [field.name for field in fields(effect)]
    return [*(n for n in names if n != "text"), *(("wrapped", "cipher") if "text" in names else ())]


def parents_sql() -> str:
    """Prove and share-lock one parent row that the permit relied on."""
    cases = []
    for noun in MACHINES:
        name = quoted(table_of(noun).name)
        cases.append(
            f"    when '{noun}' then perform from {name} t where t.organization = home and t.id = row_id"
            f" and t.version = wanted for share;"
        )
    return "\n".join(
        [
            HEADER,
            "create function lock_parent(noun text, home uuid, row_id uuid, wanted integer)",
            "returns boolean language plpgsql as $$",
            "begin",
            "  case noun",
            *cases,
            "  end case;",
            "  return found;",
            "end $$;",
            "",
        ]
    )
