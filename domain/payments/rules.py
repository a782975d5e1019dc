"""What a provider's answer does to an authorization or a capture that is asked about by itself, as a step of a saga."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from domain.command import Command, Outcome, Ref
from domain.effects import Effect
from domain.facts import Facts, Resource
from domain.payments.attempts import Kind, Told, attempt, authorization_facts, capture_facts
from domain.payments.facts import AuthorizationFacts, CaptureFacts
from domain.plan import Plan, Rule, advance
from domain.refusals import Refusal
from domain.sagas.facts import SagaFacts, detail_of
from domain.sagas.rules import moved, step

NewId = Callable[[], UUID]


def answered(
    authorization: Resource[AuthorizationFacts], target: str, command: Command, new_id: NewId
) -> tuple[Effect, ...]:
    """What the provider said of an authorization, by its answer or its books; `target` is what it came to."""
    reference, code = command.args.get("_provider_reference"), command.args.get("_decline_code")
    told: Told = "succeeded" if target == "authorized" else "declined" if target == "declined" else "failed"
    kind: Kind
    if authorization.state == "unknown":
        action, kind = "authorization.auto_reconcile", "lookup"
    else:
        action, kind = ("authorization.confirm" if target == "authorized" else "authorization.decline"), "authorize"
    known = {"provider_reference": reference} if reference else {}
    declined = {"decline_code": code} if code else {}
    return (
        advance(authorization, action, known | declined, target=target),
        attempt(new_id(), authorization, kind, told, reference=reference, decline_code=code),
    )


def authorized(facts: Facts[AuthorizationFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """The provider's yes alone, where policy does not answer: the purchase is placed or given up later."""
    authorization, saga = _authorization(facts)
    return Plan(
        effects=(
            *answered(authorization, "authorized", command, new_id),
            moved(saga, "waiting", facts.context.now, after_s=float(command.args["_after_s"])),
            step(saga, "authorize", "done", command),
        ),
        nouns={"authorization": authorization.ref},
    )


def authorization_unknown(facts: Facts[AuthorizationFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """Sent, and no trustworthy answer, for a purchase that waited for the provider already."""
    authorization, saga = _authorization(facts)
    return Plan(
        effects=(
            advance(authorization, "authorization.mark_unknown"),
            attempt(new_id(), authorization, "authorize", "unknown"),
            moved(saga, "waiting", facts.context.now, after_s=float(command.args["_after_s"])),
            step(saga, "authorize", "running", command, error="provider_timeout"),
        ),
        nouns={"authorization": authorization.ref},
    )


def voided(facts: Facts[AuthorizationFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """The provider let go of the money, as the last step of a release."""
    authorization, saga = _authorization(facts)
    key = detail_of(saga).steps["void"].key
    return Plan(
        effects=(
            advance(authorization, "authorization.auto_void"),
            attempt(new_id(), authorization, "void", "succeeded", key=key),
            moved(saga, "finished", facts.context.now),
            step(saga, "void", "done", command),
        ),
        nouns={"authorization": authorization.ref},
    )


def captured(
    capture: Resource[CaptureFacts] | None,
    authorization: Resource[AuthorizationFacts] | None,
    command: Command,
    new_id: NewId,
) -> tuple[Effect, ...]:
    """The capture succeeded, unless that was written down before."""
    if capture is None or authorization is None or capture.state == "succeeded":
        return ()
    reference = command.args.get("_provider_reference")
    return (
        advance(capture, "capture.succeed", {"provider_reference": reference}),
        attempt(new_id(), authorization, "capture", "succeeded", reference=reference, capture=capture),
    )


def capture_failed(facts: Facts[CaptureFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """The capture failed for certain: the order stays approved, the agent is told why."""
    capture, saga, authorization = _parts(facts)
    code = str(command.args["_decline_code"])
    refusal: Refusal = command.args["_refusal"]
    order = Ref("order", capture.home, capture_facts(capture).order)
    return Plan(
        effects=(
            advance(capture, "capture.fail", {"failure": code}),
            attempt(new_id(), authorization, "capture", "failed", decline_code=code, capture=capture),
            moved(saga, "failed", facts.context.now),
            step(saga, "capture", "failed", command, error=code),
        ),
        nouns={"order": order},
        finishes=detail_of(saga).finish(Outcome(nouns={"order": order}, refusal=refusal)),
    )


def capture_unknown(facts: Facts[CaptureFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """Sent, and no trustworthy answer: only the provider's books say more."""
    capture, saga, authorization = _parts(facts)
    return Plan(
        effects=(
            advance(capture, "capture.mark_unknown"),
            attempt(new_id(), authorization, "capture", "unknown", capture=capture),
            moved(saga, "waiting", facts.context.now, after_s=float(command.args["_after_s"])),
            step(saga, "capture", "running", command, error="provider_timeout"),
        ),
        nouns={"order": Ref("order", capture.home, capture_facts(capture).order)},
    )


def capture_succeeded(facts: Facts[CaptureFacts], command: Command, new_id: NewId) -> Plan | Refusal:
    """The provider's answer alone, where policy does not answer: the order follows later."""
    capture, saga, authorization = _parts(facts)
    return Plan(
        effects=(
            *captured(capture, authorization, command, new_id),
            moved(saga, "waiting", facts.context.now, after_s=float(command.args["_after_s"])),
            step(saga, "capture", "done", command),
        ),
        nouns={"order": Ref("order", capture.home, capture_facts(capture).order)},
    )


def _parts(
    facts: Facts[CaptureFacts],
) -> tuple[Resource[CaptureFacts], Resource[SagaFacts], Resource[AuthorizationFacts]]:
    capture = facts.resource
    if capture is None:
        raise ValueError("a capture's rule needs the capture")
    detail = capture_facts(capture)
    if detail.saga is None or detail.parent is None:
        raise ValueError("a capture is a step of a saga, on an authorization")
    return capture, detail.saga, detail.parent


def _authorization(
    facts: Facts[AuthorizationFacts],
) -> tuple[Resource[AuthorizationFacts], Resource[SagaFacts]]:
    authorization = facts.resource
    if authorization is None:
        raise ValueError("an authorization's rule needs the authorization")
    saga = authorization_facts(authorization).saga
    if saga is None:
        raise ValueError("an authorization moves as a step of a saga")
    return authorization, saga


RULES: dict[str, Rule] = {
    "authorization.confirm": authorized,
    "authorization.auto_reconcile": authorized,
    "authorization.mark_unknown": authorization_unknown,
    "authorization.auto_void": voided,
    "capture.succeed": capture_succeeded,
    "capture.fail": capture_failed,
    "capture.mark_unknown": capture_unknown,
}
