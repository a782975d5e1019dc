"""One write as a value: the decision, its proofs, its effects; and every way the database can answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from domain.command import Actor, Ref, Request
from domain.effects import Effect
from domain.refusals import Reason

Decider = Literal["policy", "fixed", "recovery", "bootstrap"]
DecisionOutcome = Literal["allowed", "denied", "failed_closed"]
ProofKind = Literal["revision", "settings", "standing", "person", "session", "row"]


@dataclass(frozen=True, slots=True)
class Proof:
    """One fact that must still hold when the change is written.

    revision: `version` is the number. settings: the settings epoch. standing: `id` the organization, its standing
    epoch. person: `id`, the authority epoch. session: `id`, its version. row: `noun`, `organization`, `id`, `version`
    of a parent that is locked `for share`.
    """

    kind: ProofKind
    version: int
    id: UUID | None = None
    noun: str | None = None
    organization: UUID | None = None


@dataclass(frozen=True, slots=True)
class DecisionEffect:
    """One aggregate that a decision permits to move; `change` refuses an effect that is not listed."""

    noun: str
    id: UUID
    action: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer, as it is kept. `input` is the exact text that was asked (None for fixed and bootstrap)."""

    id: UUID
    action: str
    outcome: DecisionOutcome
    decider: Decider
    actor: Actor
    request: Request
    subject: Ref | None
    subject_state: str | None
    subject_version: int
    revision: int
    role: str | None
    roles: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()
    obligations: tuple[Mapping[str, Any], ...] = ()
    effects: tuple[DecisionEffect, ...] = ()
    input: str | None = None
    input_sha256: bytes | None = None
    fault: str | None = None
    took_ms: int = 0
    not_after: float | None = None  # epoch seconds by the database clock; None: no deadline

    @property
    def allow(self) -> bool:
        return self.outcome == "allowed"


@dataclass(frozen=True, slots=True)
class Idempotency:
    """The outcome to keep under one key. Scope: (organization, person, action, key).

    state `done`: the outcome is final. `running`: a saga goes on; `outcome` names it. `finish`: a saga's last
    transaction replaces the running outcome of the same scope.
    """

    organization: UUID
    person: UUID
    action: str
    key: str
    fingerprint: bytes
    state: Literal["done", "running", "finish"]
    outcome: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """What is kept under a key already: the outcome if `state` is done, the saga while it is running."""

    state: Literal["done", "running"]
    fingerprint: bytes
    outcome: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """Everything one call of the database function `change` needs."""

    home: UUID
    decision: Decision
    proofs: tuple[Proof, ...]
    effects: tuple[Effect, ...]
    idempotency: Idempotency | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """Committed. `taken` holds the numbers taken, by counter."""

    taken: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replay:
    """The key was used before with the same input: nothing written, this was kept."""

    stored: Stored


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The key was used before with other input; nothing written."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A row has moved on (PC001): `now` is its version, None when the row is gone."""

    noun: str
    id: UUID
    now: int | None


@dataclass(frozen=True, slots=True)
class Exists:
    """A row with that identity is there already (PC002)."""

    noun: str
    id: UUID | None


@dataclass(frozen=True, slots=True)
class Short:
    """Not enough stock (PC010). `line` and `sku` are what the client calls the variant, where it has a name for it."""

    variant: UUID
    wanted: int
    free: int
    line: UUID | None = None
    sku: str | None = None


@dataclass(frozen=True, slots=True)
class Exhausted:
    """A limit is reached (PC012), such as 200 lines in a cart."""

    what: str


@dataclass(frozen=True, slots=True)
class Fenced:
    """The lease of this saga belongs to somebody else by now (PC013)."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """Authority that the permit relied on is gone (PC020): the class of the proof and its id."""

    kind: str
    id: str | None


@dataclass(frozen=True, slots=True)
class Expired:
    """The permit is older than it may be (PC021)."""


ChangeAnswer = Done | Replay | Mismatch | Stale | Exists | Short | Exhausted | Fenced | Revoked | Expired
