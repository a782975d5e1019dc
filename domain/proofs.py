"""Which facts of a question must still hold when it is written; each leaf of the policy input names one of these."""

from __future__ import annotations

from typing import Any

from domain.change import Decision, Proof
from domain.facts import Facts


def proofs_of(facts: Facts[Any], decision: Decision) -> tuple[Proof, ...]:
    """Proofs of one write. `fixed` decisions give back or record, so they prove no revision, person or standing."""
    if decision.decider == "fixed":
        return ()
    subject, context = facts.subject, facts.context
    proofs = [
        Proof("revision", decision.revision),
        Proof("settings", context.settings_epoch),
        Proof("standing", subject.standing_epoch, id=subject.organization),
    ]
    if subject.person is not None:
        proofs.append(Proof("person", subject.authority_epoch, id=subject.person))
    if subject.session is not None:
        proofs.append(Proof("session", subject.session_version, id=subject.session))
    if facts.resource is not None:
        proofs.extend(facts.resource.proofs)
    return tuple(proofs)
