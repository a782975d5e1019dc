"""The question behind an allow of the policy, as it would have been asked; for tests that permit what they like."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from db import write
from domain.change import Decision

PERMIT_S = 4.5  # the longest that the database grants is 5


def question(decision: Decision) -> Mapping[str, Any]:
    """What `change` compares of the policy's input; the rest is for the policy alone."""
    actor, subject = decision.actor, decision.subject
    return {
        "action": {"name": decision.action},
        "context": {"decision_id": decision.id},
        "subject": {
            "person": actor.person,
            "account": actor.account,
            "organization": actor.organization,
            "roles": decision.roles,
            "on_behalf_of": actor.on_behalf_of,
        },
        "resource": {
            "type": subject and subject.noun,
            "id": subject and subject.id,
            "organizations": {"home": subject and subject.home},
            "state": decision.subject_state,
            "version": decision.subject_version,
            "effects": [{"noun": e.noun, "id": e.id, "action": e.action, "if_obliged": None} for e in decision.effects],
        },
    }


def asked(decision: Decision, given: Mapping[str, Any] | None = None) -> Decision:
    """The same decision with its question (or another one), and for as long as a permit may last."""
    text = write.to_json(given or question(decision))
    not_after = time.time() + PERMIT_S
    return replace(decision, input=text.decode(), input_sha256=sha256(text).digest(), not_after=not_after)
