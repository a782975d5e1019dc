"""The answer to a change by somebody who acts for no organization yet."""

from __future__ import annotations

from domain.change import Decision
from domain.command import Command, Outcome
from domain.refusals import Denied, Reason
from resolvers.context import ORGANIZATION_NEEDED, Context

_NEEDED = Reason(
    ORGANIZATION_NEEDED,
    "You belong to several organizations, or to none, and have not said whom you act for.",
    "Choose an organization with sessionSwitch, then try again.",
)


async def organization_needed(context: Context, command: Command) -> Outcome:
    """Deny without asking: nobody could say with which roles. The denial is kept like any other, at the platform."""
    facts = await context.ports.store.facts(command)
    decision = Decision(
        id=context.ports.new_id(),
        action=command.action,
        outcome="denied",
        decider="policy",
        actor=command.actor,
        request=command.request,
        subject=command.target,
        subject_state=None,
        subject_version=0,
        revision=facts.context.revision,
        role=None,
        roles=(),
        reasons=(_NEEDED,),
    )
    if not command.dry_run:
        await context.ports.store.deny(decision)
    home = command.actor.organization
    return Outcome(refusal=Denied(_NEEDED.message, decision.id, home, facts.context.revision, decision.reasons))
