"""A small fixed world that gates ask about: three organizations of each kind, a few people, one object at a time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from adapters.opa.inputs import PRICED, TWO_SIDED, targets_of, transitions_of
from domain.machine import Machine
from domain.machines import ACTIONS, MACHINE_OF

Json = dict[str, Any]


def id_of(number: int) -> str:
    return str(UUID(int=number))


ME, SOMEBODY, ACCOUNT, OBJECT = id_of(0xA1), id_of(0xA2), id_of(0xAC), id_of(0x0B)
DECISION = id_of(0xDE)
ORGANIZATIONS: dict[str, tuple[str, str]] = {  # by kind: the party and a stranger
    "buyer": (id_of(0xB1), id_of(0xB2)),
    "vendor": (id_of(0xC1), id_of(0xC2)),
    "platform": (id_of(0xF1), id_of(0xF1)),
}
# The other side of nouns that have one; `any` is whatever kind the subject acts for.
_OTHER_SIDE = {
    "order": "vendor",
    "capture": "vendor",
    "shipment": "vendor",
    "reservation": "buyer",
    "grant": "any",
    "person": "any",
}
_OWNED = ("order", "purchase", "cart", "grant", "session")


def home_kind(machine: Machine) -> str:
    """`subject`: notes and sagas live where their subject lives, here with a buyer."""
    return "buyer" if machine.home == "subject" else machine.home


def ref(noun: str, organization: str, number: int = 0x0B) -> Json:
    return {"noun": noun, "home": organization, "id": id_of(number)}


def eur(minor: int) -> Json:
    return {"currency": "EUR", "minor": minor}


def vendor_fact(state: str = "active") -> Json:
    return {"organization": ORGANIZATIONS["vendor"][0], "id": id_of(0x5E), "state": state}


def args_of(action: str, home: str, other: str | None) -> Json:
    """Arguments that nothing is wrong with."""
    held_in = other or home
    order = {"noun": "order", "home": home, "id": id_of(0x0D)}
    by_action: dict[str, Json] = {
        "note.add": {"subject": order, "visibility": "parties"},
        "organization.create": {"kind": "buyer", "parent": None},
        "person.invite": {"organization": ref("organization", held_in)},
        "grant.issue": {
            "person": ref("person", ORGANIZATIONS["platform"][0], 0xA2),
            "organization": ref("organization", held_in),
            "role": "organization_admin",
            "valid_from": None,
            "valid_until": None,
            "spend_limit": None,
        },
        "session.switch": {"organization": ref("organization", ORGANIZATIONS["buyer"][1])},
        "service.create": {"vendor": ref("vendor", home), "kind": "stock", "category": "tools"},
        "variant.create": {"service": ref("service", home), "sku": "VW-1", "price": eur(1250), "duration_s": None},
        "price.change": {"amount": eur(1300), "valid_from": None},
        "stock.adjust": {"delta": 5},
        "cart.create": {"organization": ref("organization", home), "currency": "EUR"},
        "cart_line.add": {"sku": "VW-1", "quantity": 2},
        "cart_line.update": {"line": ref("cart_line", home), "quantity": 3},
        "cart_line.remove": {"line": ref("cart_line", home)},
        "checkout.complete": {"expected_total": eur(2500)},
        "order.deliver": {"delivered_at": None},
    }
    return by_action.get(action, {})


def parents_of(action: str, home: str, other: str | None, owner: str) -> Json:
    """Parent facts that nothing is wrong with."""
    noun = MACHINE_OF[action].noun
    about = {"noun": "order", "home": home, "counterparty": other, "owner": owner, "published": False}
    special: dict[str, Json] = {
        "cart.create": {},
        "grant.issue": {"grantee_roles": [{"organization": other, "role": "buyer"}], "organization_kind": "buyer"},
        "session.switch": {"owner": owner, "target_roles": ["buyer"]},
        "note.add": {"subject": about},
        "checkout.complete": {"owner": owner, "vendors": [vendor_fact()]},
        "purchase.place": {"owner": owner, "orders": [_order_to_be(9_999, 0x01), _order_to_be(10_000, 0x02)]},
    }
    if action in special:
        return special[action]
    if noun in _OWNED:
        return {"owner": owner}
    by_noun: dict[str, Json] = {
        "service": {"published": False, "vendor": vendor_fact()},
        "variant": {"published": False},
        "stock": {"published": False},
    }
    return by_noun.get(noun, {})


def _order_to_be(total: int, number: int) -> Json:
    return {
        "id": id_of(number),
        "vendor": id_of(0x5E),
        "counterparty": ORGANIZATIONS["vendor"][0],
        "total_minor": total,
        "currency": "EUR",
    }


def has_owner(action: str) -> bool:
    return MACHINE_OF[action].noun in _OWNED and action != "cart.create"


def other_side(action: str, acting_kind: str) -> str | None:
    """Kind of the other side of the object; None where it has none."""
    noun = MACHINE_OF[action].noun
    kind = _OTHER_SIDE.get(noun) if noun in TWO_SIDED else "vendor" if noun == "note" else None
    return acting_kind if kind == "any" else kind


def resource(action: str, state: str | None, acting_kind: str, owner: str) -> Json:
    """The object in one state, between the two parties."""
    machine = MACHINE_OF[action]
    home = ORGANIZATIONS[home_kind(machine)][0]
    kind = other_side(action, acting_kind)
    other = ORGANIZATIONS[kind][0] if kind else None
    creates = ACTIONS[action].creates
    actors: dict[str, list[str]] = {name: [] for name in transitions_of(action)}
    if machine.noun == "order" and not creates:
        actors["order.place"] = [owner]
    return {
        "type": machine.noun,
        "id": OBJECT,
        "organizations": {"home": home, "counterparty": other},
        "state": None if creates else state,
        "version": 0 if creates else 3,
        "money": {"currency": "EUR", "total_minor": 20_000} if machine.noun in PRICED else None,
        "actors": actors,
        "parents": parents_of(action, home, other, owner),
        "risk": None,
        "effects": [{"noun": machine.noun, "id": OBJECT, "action": action, "if_obliged": None}],
    }


def action_part(action: str, state: str | None, found: Json) -> Json:
    machine_action = ACTIONS[action]
    sides = found["organizations"]
    return {
        "name": action,
        "to_state": machine_action.target_from(state) or targets_of(machine_action)[0],
        "args": args_of(action, sides["home"], sides["counterparty"]),
    }


def context() -> Json:
    return {
        "now": 1_790_000_000,
        "request_id": "req-1",
        "decision_id": DECISION,
        "channel": "api",
        "app_release": None,
        "maintenance": "off",
        "break_glass": None,
        "flags": {},
        "settings": {"approval.service_manager_from": 10_000},
    }


def person_subject(roles: list[str], kind: str, organization: str) -> Json:
    return {
        "person": ME,
        "account": ACCOUNT,
        "organization": organization,
        "organization_kind": kind,
        "roles": roles,
        "delegations": [],
        "mfa_age_s": None,
        "authority_epoch": 4,
        "spend_limit": None,
        "on_behalf_of": None,
    }


def system_subject(kind: str, organization: str, behalf: str | None) -> Json:
    """`behalf`: the organization of the person that the step is done for."""
    person = {"person": ME, "organization": behalf, "decision": DECISION} if behalf else None
    subject = person_subject(["system"], kind, organization)
    return {**subject, "person": None, "account": None, "authority_epoch": 0, "on_behalf_of": person}
