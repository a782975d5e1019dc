"""Generate the checks of journal and decision: declared edges, and the closed list of fixed actions."""

from __future__ import annotations

from db.generator.words import HEADER, digest, listed
from domain.machines import ACTIONS, FIXED, MACHINE_OF


def edge_lines() -> list[str]:
    """One WHEN per action: its noun, its sources, its targets, its event."""
    lines = []
    for name in sorted(ACTIONS):
        action, noun = ACTIONS[name], MACHINE_OF[name].noun
        if action.creates:
            way = f"source is null and target in ({listed(action.targets)})"
        elif action.edits:
            way = f"source in ({listed(action.sources)}) and target = source"
        else:
            way = f"source in ({listed(action.sources)}) and target in ({listed(action.targets)})"
        lines.append(f"    when '{name}' then return (noun = '{noun}' and event = '{action.event}' and {way}) is true;")
    return lines


def edge_function() -> str:
    return f"edge_ok_{digest(edge_lines())}"


def fixed_function() -> str:
    return f"fixed_ok_{digest(sorted(FIXED))}"


def edges_sql() -> str:
    """The declared edges and the closed list of fixed actions, as the checks of journal and decision call them."""
    return "\n".join(
        [
            HEADER,
            f"create function {edge_function()}(noun text, source text, target text, action text, event text)",
            "returns boolean language plpgsql immutable as $$",
            "begin",
            "  case action",
            *edge_lines(),
            "    else return false;",
            "  end case;",
            "end $$;",
            "",
            f"create function {fixed_function()}(decider text, action text)",
            "returns boolean language plpgsql immutable as $$",
            "begin",
            f"  return decider <> 'fixed' or action in ({listed(sorted(FIXED))});",
            "end $$;",
            "",
            "alter table journal add constraint journal_edge_is_declared",
            f"  check ({edge_function()}(noun, source, target, action, event));",
            "",
            "alter table decision add constraint decision_fixed_is_listed",
            f"  check ({fixed_function()}(decider, action));",
            "",
        ]
    )
