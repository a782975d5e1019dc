"""The policy's `action.args` by action, as typed closed models; facts stand in `inputs.py`."""

from __future__ import annotations

from typing import Literal

from adapters.opa.contract import Closed, Currency, Kind, MoneyArg, RefArg, Role


class NoteArgs(Closed):
    subject: RefArg
    visibility: Literal["platform", "parties"]


class OrganizationArgs(Closed):
    kind: Kind
    parent: RefArg | None


class InviteArgs(Closed):
    organization: RefArg


class SpendLimitArg(Closed):
    per_purchase: MoneyArg
    per_period: MoneyArg
    period_s: int


class GrantArgs(Closed):
    person: RefArg
    organization: RefArg
    role: Role
    valid_from: int | None
    valid_until: int | None
    spend_limit: SpendLimitArg | None


class ServiceArgs(Closed):
    vendor: RefArg
    kind: Literal["stock", "slot", "bundle"]
    category: str


class VariantArgs(Closed):
    service: RefArg
    sku: str
    price: MoneyArg
    duration_s: int | None


class PriceArgs(Closed):
    amount: MoneyArg
    valid_from: int | None


class DeltaArgs(Closed):
    delta: int


class CartArgs(Closed):
    organization: RefArg
    currency: Currency


class LineAddArgs(Closed):
    sku: str
    quantity: int


class LineUpdateArgs(Closed):
    line: RefArg
    quantity: int | None


class LineRemoveArgs(Closed):
    line: RefArg


class CheckoutArgs(Closed):
    expected_total: MoneyArg


class DeliverArgs(Closed):
    delivered_at: int | None


ARGS: dict[str, type[Closed]] = {
    "note.add": NoteArgs,
    "organization.create": OrganizationArgs,
    "person.invite": InviteArgs,
    "grant.issue": GrantArgs,
    "session.switch": InviteArgs,
    "service.create": ServiceArgs,
    "variant.create": VariantArgs,
    "price.change": PriceArgs,
    "stock.adjust": DeltaArgs,
    "cart.create": CartArgs,
    "cart_line.add": LineAddArgs,
    "cart_line.update": LineUpdateArgs,
    "cart_line.remove": LineRemoveArgs,
    "checkout.complete": CheckoutArgs,
    "order.deliver": DeliverArgs,
}
