"""Roles that come and go, one person with two accounts, sessions that end, and notes that not everybody reads."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import shopping as shop
from tests.journeys.catalog import BRIGHT, variant
from tests.marketplace import Marketplace, new_key

ADMIN = "admin@acme.example"
VOLT_ADMIN = "manager@voltworks.example"
SESSION = "{ viewer { session { id } roles actingFor { id name } } }"
NOTES = """query($id: ID!) { node(id: $id) { ... on Order { timeline(kinds: [NOTE], first: 20) { edges { node {
  ... on TimelineNote { note { text visibility author { person { id } } } } } } } } } }"""


def reasons(payload: dict[str, Any]) -> list[str]:
    assert payload["refusal"] is not None, payload
    assert payload["refusal"]["code"] == "DENIED", payload
    return [reason["code"] for reason in payload["refusal"]["reasons"]]


def fresh(where: str) -> str:
    return f"somebody-{new_key()[:8]}@{where}.example"


def switch(market: Marketplace, login: str, organization: str) -> None:
    shop.must(market, login, "sessionSwitch", "viewer { roles }", organizationId=organization)


@pytest.mark.parametrize("mutation", ["orderApprove", "orderReject"])
def test_what_one_bought_one_does_not_decide(market: Marketplace, mutation: str) -> None:
    """One person with two accounts: the buyer may not decide as a service manager, and is told so beforehand."""
    placed = shop.place(market, shop.DOUBLE_BUYER)
    more = {"reason": "Mine."} if mutation == "orderReject" else {}
    refused = shop.act(market, shop.DOUBLE_SERVICE, mutation, placed.order, placed.version, **more)
    assert refused["refusal"]["code"] == "DENIED"
    found = shop.seen(market, shop.DOUBLE_SERVICE, placed.order)
    assert found is not None
    action = mutation.replace("order", "order.").lower()
    foreseen = {permitted["action"]: permitted for permitted in found["permittedActions"]}[action]
    assert foreseen["allowed"] is False
    assert [r["code"] for r in foreseen["reasons"]] == [r["code"] for r in refused["refusal"]["reasons"]]
    assert (found["state"], found["version"]) == ("PLACED", placed.version)


def test_a_purchase_of_a_service_manager_waits_like_any_other(market: Marketplace) -> None:
    """The saga places it on behalf of a person who may approve orders elsewhere: that counts for nothing here."""
    placed = shop.place(market, shop.DOUBLE_BUYER)
    assert placed.state == "PLACED"
    assert shop.approve(market, shop.SERVICE, placed.order, placed.version)["refusal"] is None


def test_who_approved_does_not_dispatch(market: Marketplace) -> None:
    """Not even when the service manager of yesterday is the agent of today."""
    login, home = fresh("voltworks"), shop.organization(market, shop.SERVICE)
    person, _ = shop.new_person(market, login, VOLT_ADMIN)
    given = {"personId": person, "reason": "For a day."}
    manages = shop.must(
        market, shop.OPERATOR, "grantIssue", "grant { id }", organizationId=home, role="SERVICE_MANAGER", **given
    )["grant"]["id"]
    placed = shop.place(market)
    assert shop.organization(market, login) == home
    version = shop.approve(market, login, placed.order, placed.version)["order"]["version"]
    vendor = shop.organization(market, VOLT_ADMIN)
    agent = {"organizationId": vendor, "role": "FULFILLMENT_AGENT", **given}
    assert reasons(shop.mutate(market, VOLT_ADMIN, "grantIssue", "grant { id }", **agent))
    shop.must(market, shop.OPERATOR, "grantRevoke", "grant { id }", grantId=manages, reason="The day is over.")
    shop.must(market, VOLT_ADMIN, "grantIssue", "grant { id }", **agent)
    switch(market, login, vendor)
    refused = shop.dispatch(market, login, placed.order, version)
    assert reasons(refused) == ["orders.dispatch.not_approver"]
    assert shop.dispatch(market, shop.AGENT, placed.order, version)["refusal"] is None


def test_a_role_is_given_used_and_taken_away(market: Marketplace) -> None:
    """By an administrator of the organization; acknowledged means that nothing later uses it."""
    login, home = fresh("acme"), shop.organization(market, ADMIN)
    invited = {"organizationId": home, "email": login, "name": "New Buyer"}
    person = shop.must(market, ADMIN, "personInvite", "person { id }", **invited)["person"]["id"]
    unknown = shop.mutate(market, login, "cartLineAdd", "cart { id }", sku="VW-SOCKET")
    assert reasons(unknown) == ["session.organization_needed"]
    given = {"personId": person, "organizationId": home, "role": "BUYER", "reason": "Buys sockets."}
    grant = shop.must(market, ADMIN, "grantIssue", "grant { id version role revokedAt }", **given)["grant"]
    assert (grant["role"], grant["revokedAt"]) == ("BUYER", None)
    added = shop.must(market, login, "cartLineAdd", "cart { id }", sku="VW-SOCKET", quantity=2)
    ended = shop.must(market, ADMIN, "grantRevoke", "grant { id revokedAt }", grantId=grant["id"], reason="Left us.")
    assert ended["grant"]["revokedAt"] is not None
    late = shop.mutate(market, login, "cartLineAdd", "cart { id }", sku="VW-SOCKET", cartId=added["cart"]["id"])
    assert reasons(late) == ["session.organization_needed"]
    twice = shop.mutate(market, ADMIN, "grantRevoke", "grant { id }", grantId=grant["id"], reason="Again.")
    assert twice["refusal"]["code"] == "ILLEGAL_TRANSITION"


@pytest.mark.parametrize(
    ("login", "role", "where", "expected"),
    [
        (ADMIN, "BUYER", ADMIN, "access.grant.not_self"),
        (shop.OPERATOR, "OPERATOR", shop.OPERATOR, "access.grant.not_self"),
        (ADMIN, "VENDOR_MANAGER", ADMIN, None),
        (ADMIN, "SERVICE_MANAGER", shop.SERVICE, None),
        (shop.BUYER, "BUYER", ADMIN, "access.grant.role"),
        (VOLT_ADMIN, "BUYER", ADMIN, None),
    ],
)
def test_nobody_makes_themselves_more(
    market: Marketplace, login: str, role: str, where: str, expected: str | None
) -> None:
    """Not one's own role, not a role of another kind of organization, not in somebody else's organization."""
    person = market.gql(login, shop.WHOAMI).data["viewer"]["person"]["id"]
    home = shop.organization(market, where)
    given = {"personId": person, "organizationId": home, "role": role, "reason": "Because."}
    payload = shop.mutate(market, login, "grantIssue", "grant { id }", **given)
    assert payload["grant"] is None
    assert payload["refusal"]["code"] in ("DENIED", "NOT_FOUND"), payload
    assert expected is None or expected in reasons(payload)


def test_a_session_that_was_ended_is_over(market: Marketplace) -> None:
    """By its owner or by an operator; its token is no sign-in any more, another token of the person is."""
    login = fresh("acme")
    shop.new_person(market, login, shop.BUYER, "BUYER")
    mine = market.gql(login, SESSION).data["viewer"]["session"]["id"]
    stranger = shop.mutate(market, shop.BUYER, "sessionRevoke", "session { id }", sessionId=mine, reason="Not mine.")
    assert stranger["refusal"]["code"] in ("DENIED", "NOT_FOUND")
    ended = shop.must(market, login, "sessionRevoke", "session { revokedAt }", sessionId=mine, reason="Lost my phone.")
    assert ended["session"] is None or ended["session"]["revokedAt"]
    answer = market.gql(login, SESSION)
    assert (answer.status, answer.body["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    del market.tokens[login]
    again = market.gql(login, SESSION).data["viewer"]["session"]["id"]
    assert again != mine
    given = {"sessionId": again, "reason": "The contract ended."}
    shop.must(market, shop.OPERATOR, "sessionRevoke", "session { id }", **given)
    assert market.gql(login, SESSION).status == 401


def test_the_command_prints_a_token(market: Marketplace) -> None:
    """`portcullis token LOGIN` signs in like the development route; an unknown login is one sentence."""
    done = market.command("token", shop.AUDITOR)
    assert done.returncode == 0, done.stderr
    headers = {"Authorization": f"Bearer {done.stdout.strip()}", "Content-Type": "application/json"}
    answer = market.send(b'{"query": "{ viewer { roles } }"}', headers)
    assert answer.data == {"viewer": {"roles": ["AUDITOR"]}}


def test_a_note_is_read_by_whom_it_is_for(market: Marketplace) -> None:
    """A note of the platform stays there; one for the parties is read by buyer and vendor too."""
    placed = shop.place(market)
    for text, visibility in (("Watch this one.", "PLATFORM"), ("On its way soon.", "PARTIES")):
        given = {"subjectId": placed.order, "text": text, "visibility": visibility}
        made = shop.must(market, shop.SUPPORT, "noteAdd", "note { id text visibility }", **given)["note"]
        assert (made["text"], made["visibility"]) == (text, visibility)

    def read(login: str) -> set[str]:
        edges = market.gql(login, NOTES, {"id": placed.order}).data["node"]["timeline"]["edges"]
        return {edge["node"]["note"]["text"] for edge in edges}

    assert read(shop.SUPPORT) == read(shop.SERVICE) == {"Watch this one.", "On its way soon."}
    assert read(shop.BUYER) == read(shop.AGENT) == {"On its way soon."}
    assert market.gql(shop.GLOBEX, NOTES, {"id": placed.order}).data["node"] is None
    given = {"subjectId": placed.order, "text": "Nothing to see."}
    assert shop.mutate(market, shop.AUDITOR, "noteAdd", "note { id }", **given)["refusal"]["code"] == "DENIED"
    assert shop.mutate(market, shop.GLOBEX, "noteAdd", "note { id }", **given)["refusal"]["code"] == "NOT_FOUND"


def test_a_person_of_two_organizations_switches(market: Marketplace) -> None:
    """From one buyer to another and back, each with its own carts; nowhere else."""
    login, acme = fresh("acme"), shop.organization(market, shop.BUYER)
    person, _ = shop.new_person(market, login, shop.BUYER, "BUYER")
    globex = shop.organization(market, shop.GLOBEX)
    given = {"personId": person, "organizationId": globex, "role": "BUYER", "reason": "Buys for both."}
    shop.must(market, shop.OPERATOR, "grantIssue", "grant { id }", **given)
    assert shop.organization(market, login) == acme
    first = shop.must(market, login, "cartLineAdd", "cart { id buyer { id } }", sku="VW-SOCKET")["cart"]
    switch(market, login, globex)
    second = shop.must(market, login, "cartLineAdd", "cart { id buyer { id } }", sku="VW-SOCKET")["cart"]
    assert (first["buyer"]["id"], second["buyer"]["id"]) == (acme, globex)
    lost = shop.mutate(market, login, "cartLineAdd", "cart { id }", sku="VW-SOCKET", cartId=first["id"])
    assert lost["refusal"]["code"] == "NOT_FOUND"
    switch(market, login, acme)
    listed = market.gql(login, "{ viewer { carts { edges { node { id } } } } }").data["viewer"]["carts"]["edges"]
    assert listed == [{"node": {"id": first["id"]}}]
    assert shop.add(market, login, first["id"], "VW-SOCKET")["line"]["quantity"] == 2
    vendor = shop.organization(market, VOLT_ADMIN)
    refused = shop.mutate(market, login, "sessionSwitch", "viewer { roles }", organizationId=vendor)
    assert refused["refusal"]["code"] == "NOT_FOUND"
    other = shop.mutate(market, login, "cartCreate", "cart { id }", organizationId=globex, currency="EUR")["refusal"]
    assert (other["code"], other["violations"][0]["code"]) == ("INVALID", "NOT_ACTING_FOR")


@pytest.mark.parametrize(
    ("login", "mutation", "fields"),
    [
        (shop.GLOBEX, "noteAdd", {"subjectId": "$order", "text": "Hello."}),
        (VOLT_ADMIN, "serviceCreate", {"vendorId": "$brightclean", "title": "X", "description": "", "category": "x"}),
        (VOLT_ADMIN, "variantCreate", {"serviceId": "$order", "sku": "X", "title": "X"}),
        (ADMIN, "personInvite", {"organizationId": "$order", "email": "a@b.example", "name": "A"}),
        (ADMIN, "grantIssue", {"personId": "$globisch", "organizationId": "$acme", "role": "BUYER", "reason": "X"}),
        (shop.OPERATOR, "organizationCreate", {"kind": "BUYER", "name": "X", "parentId": "$order"}),
    ],
)
def test_what_it_belongs_to_must_be_there(
    market: Marketplace, login: str, mutation: str, fields: dict[str, Any]
) -> None:
    """An id that one may not know is no id, also where something new would belong to it."""
    known = {
        "order": shop.place(market).order,
        "acme": shop.organization(market, ADMIN),
        "globisch": market.gql(shop.GLOBEX, shop.WHOAMI).data["viewer"]["person"]["id"],
        "brightclean": variant(market, BRIGHT, "BC-DEEPCLEAN")["service"]["vendor"]["id"],
    }
    given = {name: known.get(value.removeprefix("$"), value) for name, value in fields.items()}
    more = {"serviceCreate": {"kind": "STOCK"}, "variantCreate": {"price": {"minor": 1, "currency": "EUR"}}}
    payload = shop.mutate(market, login, mutation, "refusal { code }", **given, **more.get(mutation, {}))
    assert payload["refusal"]["code"] in ("NOT_FOUND", "DENIED"), payload
