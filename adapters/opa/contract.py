"""The closed, versioned contract with the policy: one source of JSON Schemas, generated shape checks and validation.

Every field is required and null is explicit. `arguments.py` and `inputs.py` have the parts that differ by action.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

VERSION = 1

UUID_TEXT = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
Id = Annotated[str, Field(pattern=UUID_TEXT)]
Count = Annotated[int, Field(ge=0)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Kind = Literal["buyer", "vendor", "platform"]

# In the order of `enum Role`: of several roles that would do, the first is the one relied on.
Role = Literal[
    "buyer",
    "buyer_approver",
    "organization_admin",
    "vendor_manager",
    "fulfillment_agent",
    "service_manager",
    "finance",
    "support",
    "compliance_author",
    "compliance_approver",
    "auditor",
    "operator",
]
ROLES: tuple[str, ...] = get_args(Role)


class Closed(BaseModel):
    """No unknown key, no coercion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RefArg(Closed):
    noun: str
    home: Id
    id: Id


class MoneyArg(Closed):
    currency: Currency
    minor: int


class Money(Closed):
    currency: Currency
    total_minor: int


class SpendLimit(Closed):
    """What the subject's own buyer grant allows; null amounts are not limited."""

    currency: Currency
    per_purchase: int | None
    per_period: int | None
    period_s: int | None


class OnBehalf(Closed):
    person: Id
    organization: Id
    decision: Id


class PersonSubject(Closed):
    """A signed-in person. Roles may be empty: then only what `anyone` may do is left."""

    person: Id
    account: Id
    organization: Id
    organization_kind: Kind
    roles: list[Role]
    delegations: Annotated[list[str], Field(max_length=0)]
    mfa_age_s: int | None
    authority_epoch: Count
    spend_limit: SpendLimit | None
    on_behalf_of: None


class SystemSubject(Closed):
    """A timer or a saga step; what a person began carries that person."""

    person: None
    account: None
    organization: Id
    organization_kind: Kind
    roles: Annotated[list[Literal["system"]], Field(min_length=1, max_length=1)]
    delegations: Annotated[list[str], Field(max_length=0)]
    mfa_age_s: None
    authority_epoch: Count
    spend_limit: None
    on_behalf_of: OnBehalf | None


class Organizations(Closed):
    home: Id
    counterparty: Id | None


class OrganizationsOfTwo(Closed):
    """Nouns that always have another side."""

    home: Id
    counterparty: Id


class EffectPart(Closed):
    """One aggregate that would move; `if_obliged` names the obligation without which it does not."""

    noun: str
    id: Id
    action: str
    if_obliged: Literal["auto_approval", "approval"] | None


class Settings(BaseModel):
    """Runtime settings as the database has them; only what a rule reads is named."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    __pydantic_extra__: dict[str, int | str | bool]


class CheckoutSettings(Settings):
    approval_from: Annotated[int, Field(alias="approval.service_manager_from")]


class Nothing(Closed):
    """An object without any key."""


class Context(Closed):
    now: int
    request_id: str
    decision_id: Id
    channel: str
    app_release: str | None
    maintenance: Literal["off", "read_only", "drain"]
    break_glass: None
    flags: Nothing
    settings: Settings


class CheckoutContext(Context):
    settings: CheckoutSettings


class ReasonPart(Closed):
    code: str
    check: str
    rule: str
    message: str
    remedy: str | None
    controls: list[str]


class ObligationReason(Closed):
    code: str
    message: str


class Obligation(Closed):
    kind: Literal["approval", "auto_approval"]
    order: Id
    reason: ObligationReason
    role: Role | None = None


class Answer(Closed):
    """What one decision looks like; the revision comes from OPA's provenance, not from here."""

    allow: bool
    visible: bool
    role: str | None
    reasons: list[ReasonPart]
    failed: list[str]
    obligations: list[Obligation]
    decision_id: str
    contract: int
