"""Generate the checks of journal and decision: declared edges, fixed actions, and what one person may not both do."""

from __future__ import annotations

from db.generator.words import HEADER, digest, listed
from domain.machines import ACTIONS, FIXED, MACHINES


def edge_lines() -> list[str]:
    """One WHEN per noun, in it one per action: its sources, its targets, its event."""
    lines = []
    for machine in MACHINES.values():
        lines += [f"    when '{machine.noun}' then", "      case action"]
        for action in machine.actions:
            if action.creates:
                way = f"source is null and target in ({listed(action.targets)})"
            elif action.edits:
                way = f"source in ({listed(action.sources)}) and target = source"
            else:
                way = f"source in ({listed(action.sources)}) and target in ({listed(action.targets)})"
            lines.append(f"        when '{action.name}' then return (event = '{action.event}' and {way}) is true;")
        lines += ["        else return false;", "      end case;"]
    return lines


def edge_function() -> str:
    return f"edge_ok_{digest(edge_lines())}"


def fixed_function() -> str:
    return f"fixed_ok_{digest(sorted(FIXED))}"


def _apart_lines() -> list[str]:
    """One WHEN per action that nobody may take who took another one on the same row."""
    return [
        f"    when '{name}' then return '{{{', '.join(action.apart_from)}}}';"
        for name, action in sorted(ACTIONS.items())
        if action.apart_from
    ]


def edges_sql() -> str:
    """The declared edges, the closed list of fixed actions and the pairs kept apart, as journal and decision ask."""
    return "\n".join(
        [
            HEADER,
            f"create function {edge_function()}(noun text, source text, target text, action text, event text)",
            "returns boolean language plpgsql immutable as $$",
            "begin",
            "  case noun",
            *edge_lines(),
            "    else return false;",
            "  end case;",
            "end $$;",
            "",
            f"create function {fixed_function()}(decider text, action text, effects jsonb)",
            "returns boolean language plpgsql immutable as $$",
            "begin",
            "  if decider <> 'fixed' then return true; end if;",
            "  return (select bool_and(x.action in (",
            f"      {listed(sorted(FIXED))}))",
            "    from (select action union all select e->>'action' from jsonb_array_elements(effects) e) x(action));",
            "end $$;",
            "",
            "create function apart_of(action text) returns text[] language plpgsql immutable as $$",
            "begin",
            "  case action",
            *_apart_lines(),
            "    else return null;",
            "  end case;",
            "end $$;",
            "",
            "alter table journal add constraint journal_edge_is_declared",
            f"  check ({edge_function()}(noun, source, target, action, event));",
            "",
            "alter table decision add constraint decision_fixed_is_listed",
            f"  check ({fixed_function()}(decider, action, effects));",
            "",
        ]
    )
