"""The domain's ports before a marketplace is open: the real rules run, and the seed decides instead of policy."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from db.ids import new_id
from db.leases import PostgresLeases
from db.store import PostgresStore
from domain.change import Change, ChangeAnswer, Decision
from domain.command import Actor, OnBehalf
from domain.ports import Ports, Question, Verdict

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cli.bootstrap import Bootstrap
    from wiring.settings import Settings

THRESHOLD = "approval.service_manager_from"
# As `policies/purchases/purchases.rego` says it; a test compares.
APPROVAL = {
    "code": "orders.approve.from_threshold",
    "message": "The order reaches the amount from which a service manager has to approve it.",
}
AUTO_APPROVAL = {
    "code": "orders.auto_approve.below_threshold",
    "message": "The order is below the amount from which a service manager has to approve it.",
}


@asynccontextmanager
async def bootstrap_ports(settings: Settings, bootstrap: Bootstrap) -> AsyncIterator[Ports]:
    """One connection, the owner's; the payment provider is the real one."""
    from adapters.payments.client import PaymentsClient
    from adapters.payments.row import ROW
    from wiring.settings import payments_settings

    paid = payments_settings()
    key = paid.payments_key.get_secret_value()
    async with PaymentsClient(settings.payments_url, key, replace(ROW, timeout=paid.payments_timeout)) as payments:
        yield Ports(
            store=BootstrapStore(bootstrap.connection, bootstrap.cipher),
            policy=BootstrapPolicy(),
            new_id=new_id,
            payments=payments,
            leases=PostgresLeases(bootstrap.connection, new_id()),
        )


class BootstrapStore(PostgresStore):
    """Writes what policy would have permitted as decided by the seed, on behalf of whoever acts."""

    async def change(self, change: Change) -> ChangeAnswer:
        if change.decision.decider == "policy":
            change = replace(change, decision=bootstrapped(change.decision), proofs=())
        return await super().change(change)


def bootstrapped(decision: Decision) -> Decision:
    """The same answer by decider `bootstrap`: nobody was asked, so there is no input and no deadline."""
    actor = decision.actor
    behalf = actor.on_behalf_of if actor.person is None else OnBehalf(actor.person, actor.organization, None)
    return replace(
        decision,
        decider="bootstrap",
        actor=Actor(actor.organization, on_behalf_of=behalf),
        role="system",
        roles=("system",),
        revision=1,
        input=None,
        input_sha256=None,
        not_after=None,
    )


class BootstrapPolicy:
    """Says yes, and obliges as revision 1 does: small orders are approved, others wait for a service manager."""

    async def decide(self, question: Question) -> Verdict:
        return Verdict(
            allow=True,
            visible=True,
            role="system",
            reasons=(),
            failed=(),
            obligations=tuple(_obligations(question)),
            revision=1,
            canonical="",
            sha256=b"",
            took_ms=0,
        )

    async def batch(self, questions: Sequence[Question]) -> list[Verdict]:
        return [await self.decide(question) for question in questions]


def _obligations(question: Question) -> list[dict[str, Any]]:
    asked = question.input
    if asked["action"]["name"] != "purchase.place":
        return []
    threshold = asked["context"]["settings"][THRESHOLD]
    return [
        {"kind": "auto_approval", "order": order["id"], "reason": AUTO_APPROVAL}
        if order["total_minor"] < threshold
        else {"kind": "approval", "order": order["id"], "role": "service_manager", "reason": APPROVAL}
        for order in asked["resource"]["parents"]["orders"]
    ]
