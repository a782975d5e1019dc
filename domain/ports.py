"""What the domain needs of the world, as protocols; `wiring/` builds the real ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from domain.change import Change, ChangeAnswer, Decision, Idempotency, Stored
from domain.command import Actor, Command, Ref
from domain.facts import Facts
from domain.payments.provider import ProviderAnswer, ProviderAuthorization
from domain.refusals import Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """A usable answer of the policy: clean JSON, from an accepted revision, in time, for this very question."""

    allow: bool
    visible: bool
    role: str | None
    reasons: tuple[Reason, ...]
    failed: tuple[str, ...]  # names of the checks that failed, `state` among them
    obligations: tuple[Mapping[str, Any], ...]
    revision: int
    canonical: str
    sha256: bytes
    took_ms: int


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """No clean answer. `code` is policy.undefined | empty | not_boolean | not_json | wrong_revision | not_loaded |
    wrong_decision | error when something answered; policy.timeout | unreachable | breaker when nothing did.
    """

    code: str
    message: str
    canonical: str
    sha256: bytes
    took_ms: int

    @property
    def silent(self) -> bool:
        """True where nothing usable came in time, which is an outage and not a no."""
        return self.code in ("policy.timeout", "policy.unreachable", "policy.breaker")


@dataclass(frozen=True, slots=True)
class Question:
    """One input of the policy, as the contract has it (see `adapters/opa/contract.py`)."""

    decision_id: UUID
    input: Mapping[str, Any]
    accepted: frozenset[int] = field(default_factory=frozenset)  # revisions that may answer


class PolicyEngine(Protocol):
    async def decide(self, question: Question) -> Verdict | PolicyFault: ...

    async def batch(self, questions: Sequence[Question]) -> Sequence[Verdict | PolicyFault]: ...


class Store(Protocol):
    """PostgreSQL, as the domain sees it."""

    async def facts(self, command: Command) -> Facts[Any]: ...

    async def facts_of(
        self, actor: Actor, noun: str, refs: Sequence[Ref], commands: Sequence[Command]
    ) -> list[list[Facts[Any]]]: ...

    async def change(self, change: Change) -> ChangeAnswer: ...

    async def deny(self, decision: Decision) -> None: ...

    async def remember(self, idempotency: Idempotency) -> Stored: ...


class SealError(Exception):
    """A sealed value does not open."""


class Cipher(Protocol):
    """Seals personal data: each value under a data key of its own, which is wrapped by the master key.

    `open` raises `SealError`.
    """

    def seal(self, organization: UUID, subject: UUID, field: str, text: str) -> tuple[bytes, bytes]: ...

    def open(self, organization: UUID, subject: UUID, field: str, wrapped_key: bytes, cipher: bytes) -> str: ...


class Ids(Protocol):
    """A source of new UUIDv7."""

    def __call__(self) -> UUID: ...


class Payments(Protocol):
    """The payment provider: one call, one answer; what it may mean stands in `domain/payments/provider.py`."""

    async def authorize(self, key: str, reference: str, amount: int, currency: str, method: str) -> ProviderAnswer: ...

    async def capture(self, key: str, authorization: str, amount: int) -> ProviderAnswer: ...

    async def void(self, key: str, authorization: str) -> ProviderAnswer: ...

    async def close(self, key: str) -> ProviderAnswer: ...

    async def find(self, reference: str) -> tuple[ProviderAuthorization, ...]: ...


class Leases(Protocol):
    """Who drives a saga now. `take` answers the fence, None while somebody else holds it; `pause` waits a moment."""

    async def take(self, saga: Ref, seconds: int) -> int | None: ...

    async def pause(self, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Ports:
    """The world of one process, built once in `wiring/`."""

    store: Store
    policy: PolicyEngine
    new_id: Ids
    payments: Payments
    leases: Leases
