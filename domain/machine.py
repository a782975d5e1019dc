"""What a machine is: states, edges and their actions, as data that is checked when it is imported; it moves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Requirement = Literal["required", "optional", "none", "derived", "proofs"]
Decider = Literal["policy", "fixed"]


class MachineError(Exception):
    """A machine that contradicts itself; raised at import, never while serving."""


@dataclass(frozen=True, slots=True)
class Action:
    """One named thing that may happen to one noun, and the edges it may take.

    `sources` empty: the action creates the row. `targets` empty: an edit, source = target.
    `key` and `expects` say what the client sends (`idempotencyKey`, `expectedVersion`).
    """

    name: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    event: str
    mutation: str | None = None
    apart_from: tuple[str, ...] = ()
    decider: Decider = "policy"
    key: Requirement = "derived"
    expects: Requirement = "proofs"
    moves: str = "state"
    refusals: tuple[str, ...] = ()

    @property
    def creates(self) -> bool:
        return not self.sources

    @property
    def edits(self) -> bool:
        return not self.targets

    def edges(self) -> tuple[tuple[str | None, str], ...]:
        """Every (source, target) pair of this action; source None creates."""
        if self.creates:
            return tuple((None, target) for target in self.targets)
        if self.edits:
            return tuple((source, source) for source in self.sources)
        return tuple((source, target) for source in self.sources for target in self.targets)

    def target_from(self, source: str | None) -> str | None:
        """The one target from `source`; None where the machine has no such edge."""
        found = [target for start, target in self.edges() if start == source]
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Machine:
    """The life of one noun. `home` names whose organization leads the row's keys."""

    noun: str
    table: str
    home: Literal["buyer", "vendor", "platform", "subject"]
    actions: tuple[Action, ...]

    def __post_init__(self) -> None:
        self._check_actions()
        self._check_duplicates()
        self._check_reachable()

    @property
    def states(self) -> tuple[str, ...]:
        """Every state an edge touches, in the order of first mention."""
        seen: dict[str, None] = {}
        for action in self.actions:
            for source, target in action.edges():
                seen.setdefault(source, None) if source else None
                seen.setdefault(target, None)
        return tuple(seen)

    def edges(self) -> tuple[tuple[str | None, str, str], ...]:
        """Every (source, target, action)."""
        return tuple((s, t, action.name) for action in self.actions for s, t in action.edges())

    def actions_from(self, state: str) -> tuple[str, ...]:
        """Actions that have an edge from `state`, in declared order."""
        return tuple(a.name for a in self.actions if state in a.sources)

    def _check_actions(self) -> None:
        for action in self.actions:
            if not action.edges():
                raise MachineError(f"{action.name}: neither a source nor a target")

    def _check_duplicates(self) -> None:
        names = [action.name for action in self.actions]
        if len(set(names)) != len(names):
            raise MachineError(f"{self.noun}: an action is declared twice")
        edges = self.edges()
        if len(set(edges)) != len(edges):
            raise MachineError(f"{self.noun}: an edge is declared twice")

    def _check_reachable(self) -> None:
        reached = {t for s, t, _ in self.edges() if s is None}
        if not reached:
            raise MachineError(f"{self.noun}: no action creates it")
        while True:
            more = {t for s, t, _ in self.edges() if s in reached} - reached
            if not more:
                break
            reached |= more
        unreachable = set(self.states) - reached
        if unreachable:
            raise MachineError(f"{self.noun}: unreachable states {sorted(unreachable)}")


def check_together(machines: tuple[Machine, ...]) -> None:
    """Refuse a name that two bear, and an `apart_from` that is no other action of the same noun."""
    actions = [action for machine in machines for action in machine.actions]
    for what, names in (
        ("noun", [machine.noun for machine in machines]),
        ("action", [action.name for action in actions]),
        ("event", [action.event for action in actions]),
        ("mutation", [action.mutation for action in actions if action.mutation]),
    ):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise MachineError(f"one {what}, declared twice: {', '.join(twice)}")
    for machine in machines:
        known = {action.name for action in machine.actions}
        for action in machine.actions:
            unknown = set(action.apart_from) - (known - {action.name})
            if unknown:
                raise MachineError(f"{action.name}: apart_from names unknown {', '.join(sorted(unknown))}")
