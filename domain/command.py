"""What somebody asks for, and what came of it: the values between the wire and `act`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Ref:
    """One aggregate: its noun, its home organization and its id."""

    noun: str
    home: UUID
    id: UUID


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """Whose request a system step carries out; separation of duties compares this person."""

    person: UUID
    organization: UUID
    decision: UUID | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. A person has account, session and person; the system has none of them.

    `organization` is whom the actor acts for: it becomes `acting_for` and the home of decision and idempotency.
    """

    organization: UUID
    person: UUID | None = None
    account: UUID | None = None
    session: UUID | None = None
    on_behalf_of: OnBehalf | None = None

    @property
    def is_system(self) -> bool:
        return self.person is None


@dataclass(frozen=True, slots=True)
class Request:
    """The ids that one HTTP request or one worker pass carries into logs, journal and policy."""

    request_id: str
    trace_id: str
    channel: str = "api"
    app_release: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """One action asked of one aggregate (`target` None where the action creates it).

    `args` are typed Python values (UUID, int, str, Money, Ref), spelled in snake_case; `fingerprint` is the SHA-256
    over the canonical arguments as the client sent them, compared when a key is used again.
    """

    action: str
    actor: Actor
    request: Request
    target: Ref | None = None
    args: Mapping[str, Any] = field(default_factory=dict)
    expected_version: int | None = None
    key: str | None = None
    fingerprint: bytes = b""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to: nouns by payload field, or a refusal (with what the viewer may still see)."""

    nouns: Mapping[str, Ref] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    refusal: Refusal | None = None
    replayed: bool = False
    saga: Ref | None = None
