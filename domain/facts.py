"""What one change is judged by: a snapshot of subject, context and resource, read in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from domain.change import Proof, Stored
from domain.command import OnBehalf, Ref
from domain.money import Money

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who acts, with the authority that the database knows now (never the token's)."""

    organization: UUID
    organization_kind: str  # buyer | vendor | platform
    standing_epoch: int
    roles: tuple[str, ...]  # live grants in `organization`; ("system",) for the system
    person: UUID | None = None
    account: UUID | None = None
    session: UUID | None = None
    authority_epoch: int = 0
    session_version: int = 0
    mfa_age_s: int | None = None
    on_behalf_of: OnBehalf | None = None
    spend_limit: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The clock, the policy revision and the settings, all as the database has them."""

    now: datetime
    revision: int
    settings: Mapping[str, int | str | bool]
    settings_epoch: int
    maintenance: str = "off"


@dataclass(frozen=True, slots=True)
class Resource(Generic[D]):
    """The aggregate a command is about. For an action that creates: where it will live, `state` None, `version` 0.

    `actors` has every transition of the machine, empty where nobody did it yet. `parents` holds facts of other rows
    that the policy may use; `detail` is for the noun's own rules only. `proofs` name every further row relied on.
    """

    noun: str
    id: UUID
    home: UUID
    counterparty: UUID | None
    state: str | None
    version: int
    money: Money | None = None
    actors: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    parents: Mapping[str, Any] = field(default_factory=dict)
    detail: D | None = None
    proofs: tuple[Proof, ...] = ()

    @property
    def ref(self) -> Ref:
        return Ref(self.noun, self.home, self.id)


@dataclass(frozen=True, slots=True)
class Facts(Generic[D]):
    """Everything one question and one write rely on. `stored` is the outcome already kept for the command's key;
    `decision` the id that the answer to this question will have.
    """

    subject: Subject
    context: Context
    resource: Resource[D] | None
    stored: Stored | None = None
    decision: UUID | None = None
