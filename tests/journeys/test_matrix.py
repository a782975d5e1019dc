"""A sample of the decision matrix over HTTP: what each role hears from a real marketplace is what the file says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from adapters import tools
from adapters.opa import tree
from domain.machines import MUTATIONS
from tests.journeys import shopping as shop
from tests.journeys.catalog import VOLT, goods, variant
from tests.marketplace import Marketplace, new_key
from tests.policy_matrix import Cell, cells
from wiring.settings import Settings

SESSION = "{ viewer { session { id } } }"
# One role each: what somebody may do by another role of theirs would blur the cell.
PLATFORM = {
    "service_manager": shop.SERVICE,
    "finance": "finance@platform.example",
    "support": shop.SUPPORT,
    "auditor": shop.AUDITOR,
    "operator": shop.OPERATOR,
    "compliance_author": "author@platform.example",
    "compliance_approver": "compliance@platform.example",
}
# Who stands in which relation to what Acme's buyer ordered at Voltworks; the two last ones are invited here.
ORDERED = {
    ("buyer", "own"): shop.BUYER,
    ("buyer", "stranger"): shop.GLOBEX,
    ("organization_admin", "home (buyer)"): "admin@acme.example",
    ("vendor_manager", "stranger"): "manager@brightclean.example",
    ("fulfillment_agent", "other side"): shop.AGENT,
    ("fulfillment_agent", "stranger"): shop.OTHER_AGENT,
    **{(role, "platform"): login for role, login in PLATFORM.items()},
}
INVITED = {("buyer_approver", "home"): shop.BUYER, ("vendor_manager", "other side"): VOLT}


@dataclass(frozen=True, slots=True)
class Asked:
    """One mutation by one login, and the cell that it falls into."""

    mutation: str
    role: str
    relation: str
    login: str
    state: str
    fields: Mapping[str, Any] = field(repr=False)

    @property
    def cell(self) -> Cell:
        return cells()[MUTATIONS[self.mutation].name, self.role, self.relation]


@pytest.fixture(scope="module")
def words() -> dict[str, Any]:
    return tree.registry(tools.ensure(tools.OPA, Settings().tools))


@pytest.fixture(scope="module")
def invited(market: Marketplace) -> dict[tuple[str, str], str]:
    """Two people with just one role, where the demo's have two."""
    found = {}
    for (role, relation), beside in INVITED.items():
        found[role, relation] = login = f"{role}-{new_key()[:8]}@{beside.partition('@')[2]}".replace("_", "-")
        shop.new_person(market, login, beside, role.upper())
    return found


def heard(market: Marketplace, asked: Asked) -> tuple[str, str | None]:
    """Code and first reason; a rehearsal, so that each cell finds the object as the one before did."""
    payload = shop.mutate(market, asked.login, asked.mutation, "__typename", dryRun=True, **asked.fields)
    refusal = payload["refusal"]
    if refusal is None:
        return "ALLOWED", None
    return refusal["code"], refusal["reasons"][0]["code"] if refusal["code"] == "DENIED" else None


def promised(asked: Asked, words: dict[str, Any]) -> tuple[str, str | None]:
    """What the cell says: hidden things are not found, a missing edge is told as such, any other check denies."""
    cell, action = asked.cell, MUTATIONS[asked.mutation].name
    if cell.kind == "hidden":
        return "NOT_FOUND", None
    if cell.kind == "allowed":
        return ("ALLOWED" if asked.state in cell.told else "ILLEGAL_TRANSITION"), None
    if cell.told == ("state",):
        return "ILLEGAL_TRANSITION", None
    check = cell.told[0]
    return "DENIED", (words["actions"].get(action, {}).get(check) or words["checks"][check])["code"]


def compare(market: Marketplace, asked: list[Asked], words: dict[str, Any]) -> None:
    """All of them are asked before any difference is told."""
    different = {
        f"{one.mutation} as {one.role}, {one.relation}, {one.state}": (promised(one, words), found)
        for one in asked
        if (found := heard(market, one)) != promised(one, words)
    }
    assert different == {}
    assert asked


def of_orders(market: Marketplace) -> Iterator[tuple[str, dict[str, Any]]]:
    """One order in each state that a mutation starts from, by its state."""
    placed, approved, sent, arrived = (shop.place(market) for _ in range(4))
    yield "placed", {"orderId": placed.order, "expectedVersion": placed.version}
    versions = [
        shop.approve(market, shop.SERVICE, o.order, o.version)["order"]["version"] for o in (approved, sent, arrived)
    ]
    yield "approved", {"orderId": approved.order, "expectedVersion": versions[0]}
    versions = [
        shop.dispatch(market, shop.AGENT, o.order, version)["order"]["version"]
        for o, version in zip((sent, arrived), versions[1:], strict=True)
    ]
    yield "dispatched", {"orderId": sent.order, "expectedVersion": versions[0]}
    done = shop.act(market, shop.AGENT, "orderDeliver", arrived.order, versions[1], evidence="At the door.")
    yield "delivered", {"orderId": arrived.order, "expectedVersion": done["order"]["version"]}


MORE = {"orderReject": "reason", "orderCancel": "reason", "orderDeliver": "evidence"}


def test_every_role_and_every_order(
    market: Marketplace, invited: dict[tuple[str, str], str], words: dict[str, Any]
) -> None:
    """Every mutation of an order from four states, by a login of every role, on every side of it."""
    asked = [
        Asked(
            mutation,
            role,
            relation,
            login,
            state,
            {**fields, **({MORE[mutation]: "Said."} if mutation in MORE else {})},
        )
        for state, fields in of_orders(market)
        for mutation in MUTATIONS
        if mutation.startswith("order") and mutation != "organizationCreate"
        for (role, relation), login in (ORDERED | invited).items()
    ]
    assert {one.role for one in asked} == set(tree.cells("roles"))
    assert len({(one.role, one.mutation) for one in asked}) == 6 * 12
    compare(market, asked, words)


def test_carts(market: Marketplace, invited: dict[tuple[str, str], str], words: dict[str, Any]) -> None:
    """A cart is its buyer's own; nobody else can tell that there is one, but who looks after everything."""
    sold = goods(market)
    cart = shop.new_cart(market, shop.BUYER)
    line = shop.add(market, shop.BUYER, cart, sold.sku)["line"]["id"]
    money = {"minor": sold.total(), "currency": "EUR"}
    edits: dict[str, dict[str, Any]] = {
        "cartLineAdd": {"cartId": cart, "sku": sold.sku, "quantity": 1},
        "cartLineUpdate": {"lineId": line, "quantity": 2},
        "cartLineRemove": {"lineId": line},
        "cartAbandon": {"cartId": cart},
        "checkoutComplete": {"cartId": cart, "expectedTotal": money, "paymentMethodToken": "pm_ok"},
    }
    approver = invited["buyer_approver", "home"]
    people = {
        ("buyer", "own"): shop.BUYER,
        ("buyer", "stranger"): shop.GLOBEX,
        ("buyer_approver", "home"): approver,
        ("vendor_manager", "stranger"): "manager@brightclean.example",
        **{(role, "platform"): login for role, login in PLATFORM.items()},
    }
    asked = [Asked(m, *who, login, "open", fields) for m, fields in edits.items() for who, login in people.items()]
    home = {"organizationId": shop.organization(market, shop.BUYER), "currency": "EUR"}
    asked += [
        Asked("cartCreate", role, "home" if relation == "own" else relation, login, "new", home)
        for (role, relation), login in people.items()
        if relation != "stranger"  # a cart is opened for the acting organization; naming another one is invalid
    ]
    compare(market, asked, words)


def test_catalogs(market: Marketplace, invited: dict[tuple[str, str], str], words: dict[str, Any]) -> None:
    """A draft is known to its vendor and to staff; only its managers touch it."""
    draft = goods(market, published=False)
    manager = invited["vendor_manager", "other side"]
    found = variant(market, manager, draft.sku)
    euros = {"minor": 1_000, "currency": "EUR"}
    vendor, service = found["service"]["vendor"]["id"], found["service"]
    edits: dict[str, tuple[str, dict[str, Any]]] = {
        "serviceCreate": (
            "new",
            {"vendorId": vendor, "kind": "STOCK", "title": "Of a test", "description": "Sold.", "category": "tests"},
        ),
        "servicePublish": ("draft", {"serviceId": draft.service, "expectedVersion": service["version"]}),
        "variantCreate": (
            "new",
            {"serviceId": draft.service, "sku": f"T-{new_key()[:12].upper()}", "title": "Another", "price": euros},
        ),
        "priceChange": ("live", {"variantId": draft.variant, "amount": euros, "expectedVersion": found["version"]}),
        "stockAdjust": (
            "live",
            {
                "variantId": draft.variant,
                "delta": 1,
                "reason": "Counted.",
                "expectedVersion": found["stock"]["version"],
            },
        ),
    }
    people = {
        ("vendor_manager", "home"): manager,
        ("vendor_manager", "stranger"): "manager@brightclean.example",
        ("fulfillment_agent", "home"): shop.AGENT,
        ("buyer", "stranger"): shop.BUYER,
        **{(role, "platform"): login for role, login in PLATFORM.items()},
    }
    asked = [Asked(m, *who, login, state, f) for m, (state, f) in edits.items() for who, login in people.items()]
    compare(market, asked, words)


def test_authority(market: Marketplace, words: dict[str, Any]) -> None:
    """Grants, people, organizations and sessions: an administrator at home, an operator everywhere, nobody else."""
    acme = shop.organization(market, shop.BUYER)
    person, (grant,) = shop.new_person(market, f"granted-{new_key()[:8]}@acme.example", shop.BUYER, "BUYER")
    own = market.gql(shop.BUYER, SESSION).data["viewer"]["session"]["id"]
    why = {"reason": "For a test."}
    edits: dict[str, tuple[str, dict[str, Any]]] = {
        "grantIssue": ("new", {"personId": person, "organizationId": acme, "role": "ORGANIZATION_ADMIN", **why}),
        "grantRevoke": ("live", {"grantId": grant["id"], "expectedVersion": grant["version"], **why}),
        "personInvite": (
            "new",
            {"organizationId": acme, "email": f"new-{new_key()[:8]}@acme.example", "name": "Somebody"},
        ),
    }
    people = {
        ("buyer", "other side"): shop.BUYER,
        ("buyer", "stranger"): shop.GLOBEX,
        ("organization_admin", "other side (buyer)"): "admin@acme.example",
        ("fulfillment_agent", "stranger"): shop.AGENT,
        **{(role, "home"): login for role, login in PLATFORM.items()},
    }
    asked = [Asked(m, *who, login, state, f) for m, (state, f) in edits.items() for who, login in people.items()]
    for (role, relation), login in people.items():
        here = {"other side": "stranger", "other side (buyer)": "stranger (buyer)"}.get(relation, relation)
        unit = {"kind": "BUYER", "name": f"Of a test {new_key()[:8]}"}
        asked.append(Asked("organizationCreate", role, here, login, "new", unit))
        mine = "own, elsewhere" if login == shop.BUYER else here
        asked.append(Asked("sessionRevoke", role, mine, login, "live", {"sessionId": own, **why}))
    asked.append(Asked("sessionSwitch", "buyer", "own, elsewhere", shop.BUYER, "live", {"organizationId": acme}))
    compare(market, asked, words)


def test_notes(market: Marketplace, invited: dict[tuple[str, str], str], words: dict[str, Any]) -> None:
    """Everybody who sees an order may write about it, but auditors; only staff for staff."""
    placed = shop.place(market)
    people = (ORDERED | invited).items()
    asked = []
    for visibility, suffix in (("PARTIES", ""), ("PLATFORM", ", for the platform alone")):
        about = {"subjectId": placed.order, "text": "Please ring twice.", "visibility": visibility}
        for (role, relation), login in people:
            here = "home" if relation == "own" else relation
            if role in ("organization_admin", "compliance_author"):  # in the file theirs are about what they do see
                continue
            cell = f"{here}{suffix}"
            if ("note.add", role, cell) in cells():
                asked.append(Asked("noteAdd", role, cell, login, "new", about))
    compare(market, asked, words)


def test_every_mutation_is_in_the_sample() -> None:
    """Told by their names in this file."""
    text = Path(__file__).read_text(encoding="utf-8")
    orders = {name for name in MUTATIONS if name.startswith("order")}
    assert {name for name in MUTATIONS if f'"{name}"' not in text} <= orders
