"""Rows as JSON, as the facts queries of several rooms embed them, and back as domain values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from db.facts import Json, resource_of, uuid_or_none
from domain.command import Ref
from domain.facts import Resource
from domain.inventory.reservations import Reservation, ReservationFacts
from domain.payments.facts import AuthorizationFacts, CaptureFacts
from domain.sagas.facts import SagaFacts, StepFacts


def row(alias: str) -> str:
    """What every noun shares, as key and value pairs of a JSON object."""
    return (
        f"'id', {alias}.id, 'home', {alias}.organization, 'counterparty', {alias}.counterparty,"
        f" 'state', {alias}.state, 'version', {alias}.version"
    )


SAGA = f"""jsonb_build_object({row("g")}, 'kind', g.kind, 'noun', g.subject_noun, 'subject', g.subject,
    'attempt', g.attempt, 'person', g.person, 'acting_for', g.acting_for, 'decision', g.decision,
    'key_action', g.key_action, 'key', g.key, 'fingerprint', encode(g.fingerprint, 'hex'), 'data', g.data,
    'next_attempt_at', g.next_attempt_at,
    'steps', (select jsonb_object_agg(x.step, jsonb_build_array(x.state, x.attempts, x.key))
                from saga_step x where x.organization = g.organization and x.saga = g.id))"""

AUTHORIZATION = f"""jsonb_build_object({row("a")}, 'purchase', a.purchase, 'attempt', a.attempt,
    'amount_minor', a.amount_minor, 'currency', a.currency, 'method', a.method, 'provider_key', a.provider_key,
    'provider_reference', a.provider_reference, 'decline_code', a.decline_code, 'updated_at', a.updated_at,
    'reference', (select p.number from purchase p where p.organization = a.organization and p.id = a.purchase),
    'captured_minor', a.captured_minor,
    'capturable', exists (select from orders o where o.organization = a.organization and o.purchase = a.purchase
                             and o.state in ('placed', 'approved')))"""

CAPTURE = f"""jsonb_build_object({row("c")}, 'order', c.order_id, 'authorization', c.authorization_id,
    'amount_minor', c.amount_minor, 'currency', c.currency, 'provider_key', c.provider_key,
    'provider_reference', c.provider_reference, 'updated_at', c.updated_at)"""

RESERVATION = f"""jsonb_build_object({row("r")}, 'variant', r.variant, 'quantity', r.quantity, 'line', r.line)"""

STANDING = "(select z.standing_epoch from organization z where z.id = {organization})"


def instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def saga_of(found: Json | None, subject: Resource[Any] | None = None) -> Resource[SagaFacts] | None:
    if found is None:
        return None
    steps = {name: StepFacts(*step) for name, step in (found["steps"] or {}).items()}
    detail = SagaFacts(
        kind=found["kind"],
        about=Ref(found["noun"], UUID(found["home"]), UUID(found["subject"])),
        attempt=found["attempt"],
        person=UUID(found["person"]),
        acting_for=UUID(found["acting_for"]),
        decision=uuid_or_none(found["decision"]),
        key_action=found["key_action"],
        key=found["key"],
        fingerprint=bytes.fromhex(found["fingerprint"] or ""),
        data=found["data"],
        next_attempt_at=instant(found["next_attempt_at"]),
        steps=steps,
        subject=subject,
    )
    return resource_of(found, "saga", detail=detail)


def authorization_of(found: Json | None, saga: Json | None = None) -> Resource[AuthorizationFacts] | None:
    if found is None:
        return None
    detail = AuthorizationFacts(
        purchase=UUID(found["purchase"]),
        reference=found["reference"] or "",
        attempt=found["attempt"],
        amount_minor=found["amount_minor"],
        currency=found["currency"],
        method=found["method"],
        provider_key=found["provider_key"],
        provider_reference=found["provider_reference"],
        decline_code=found["decline_code"],
        updated_at=datetime.fromisoformat(found["updated_at"]),
        captured_minor=found["captured_minor"],
        capturable=found["capturable"],
        saga=saga_of(saga),
    )
    return resource_of(found, "authorization", detail=detail)


def capture_of(
    found: Json | None, authorization: Json | None = None, saga: Json | None = None
) -> Resource[CaptureFacts] | None:
    if found is None:
        return None
    detail = CaptureFacts(
        order=UUID(found["order"]),
        authorization=UUID(found["authorization"]),
        amount_minor=found["amount_minor"],
        currency=found["currency"],
        provider_key=found["provider_key"],
        provider_reference=found["provider_reference"],
        updated_at=datetime.fromisoformat(found["updated_at"]),
        parent=authorization_of(authorization),
        saga=saga_of(saga),
    )
    return resource_of(found, "capture", detail=detail)


def reservations_of(found: Sequence[Json] | None) -> tuple[Reservation, ...]:
    return tuple(
        resource_of(
            item,
            "reservation",
            detail=ReservationFacts(UUID(item["variant"]), item["quantity"], UUID(item["line"])),
        )
        for item in found or ()
    )


# Whether `person` may hear that the organization named in the arguments exists: they hold a role there, or at the
# platform, which sees every organization.
MEMBERSHIP = """exists (
    select from organization o
      join "grant" g on g.organization = o.organization and g.counterparty in (o.id, o.organization)
     where o.organization = (select m.platform from marketplace m) and o.id = (k.args->'organization'->>'id')::uuid
       and g.person = {person} and g.state = 'live' and g.valid_from <= clock_timestamp()
       and (g.valid_until is null or g.valid_until > clock_timestamp()))"""
