"""What the marketplace does for somebody who is also a service manager: for the buyer they are, and as nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.journeys import shopping as shop
from tests.journeys.books import Owner, until
from tests.journeys.catalog import goods
from tests.marketplace import Marketplace

# Every decision about an order, its purchase, saga, authorization and reservations that was asked for somebody.
ASKED = """select d.action, d.role, d.roles, d.input, d.on_behalf_of, d.on_behalf_organization, d.decider, d.outcome
  from decision d where d.on_behalf_of = $1 and d.person is null and d.decided_at >= $2 order by d.id"""
NOW = "select clock_timestamp()"
PERSON = "{ viewer { person { id } roles } }"
PLACED_BY = "select placed_by from orders where number = $1"
GRANTED = "grant { id }"


def person(market: Marketplace, login: str) -> str:
    found: str = market.gql(login, PERSON).data["viewer"]["person"]["id"]
    return found


def bought(market: Marketplace, login: str, price: int) -> shop.Placed:
    """One unit of something new."""
    sold = goods(market, price=price)
    return shop.place(market, login, sold.sku, 1)


def steps(owner: Owner, buyer: Any, since: Any) -> list[Any]:
    """What the system decided for the buyer since then; by policy each, and not by a closed list."""
    return [row for row in owner.rows(ASKED, buyer, since) if row["decider"] == "policy"]


def test_two_logins_are_one_person(market: Marketplace) -> None:
    """A buyer at Acme, a service manager at the platform."""
    assert person(market, shop.DOUBLE_BUYER) == person(market, shop.DOUBLE_SERVICE)
    roles = [market.gql(login, PERSON).data["viewer"]["roles"] for login in (shop.DOUBLE_BUYER, shop.DOUBLE_SERVICE)]
    assert roles == [["BUYER"], ["SERVICE_MANAGER"]]


def test_a_checkout_does_not_gain_the_buyers_other_role(market: Marketplace, owner: Owner) -> None:
    """The placing is asked as the system alone, for the buyer at Acme; the order waits for somebody else."""
    since = owner.value(NOW)
    placed = bought(market, shop.DOUBLE_BUYER, 15_000)
    assert placed.state == "PLACED"
    buyer = owner.value(PLACED_BY, placed.number)
    found = steps(owner, buyer, since)
    assert [row["action"] for row in found] == ["purchase.place"]
    for row in found:
        subject = json.loads(row["input"])["subject"]
        assert (row["role"], row["roles"], row["outcome"]) == ("system", ["system"], "allowed")
        assert (subject["person"], subject["roles"]) == (None, ["system"])
        assert subject["on_behalf_of"]["person"] == str(buyer)
        assert subject["on_behalf_of"]["organization"] == subject["organization"] == str(row["on_behalf_organization"])


def test_a_small_order_is_approved_by_rule_and_by_nobody(market: Marketplace, owner: Owner) -> None:
    """That the buyer could approve elsewhere plays no part: the journal names the system and the rule."""
    placed = bought(market, shop.DOUBLE_BUYER, 1_000)
    assert placed.state == "APPROVED"
    seen = shop.seen(market, shop.DOUBLE_BUYER, placed.order)
    assert seen is not None
    doers = {doer["action"]: doer["actor"] for doer in seen["actors"]}
    assert doers["order.auto_approve"]["isSystem"] is True
    assert owner.value("select approved_by from orders where number = $1", placed.number) is None


@pytest.mark.parametrize("mutation", ["orderApprove", "orderReject"])
def test_nobody_decides_about_what_was_placed_for_them(market: Marketplace, mutation: str) -> None:
    """Neither by the other account, nor by the same account after switching to the platform, nor as a buyer."""
    placed = bought(market, shop.DOUBLE_BUYER, 15_000)
    more = {"reason": "No."} if mutation == "orderReject" else {}
    about = {"orderId": placed.order, "expectedVersion": placed.version, **more}
    code = f"orders.{mutation.removeprefix('order').lower()}"

    def refused(login: str) -> list[str]:
        refusal = shop.mutate(market, login, mutation, "order { state }", **about)["refusal"]
        assert refusal["code"] == "DENIED"
        return [reason["code"] for reason in refusal["reasons"]]

    assert refused(shop.DOUBLE_SERVICE) == [f"{code}.not_own"]
    assert refused(shop.DOUBLE_BUYER) == [f"{code}.role", f"{code}.not_own"]
    home, platform = (shop.organization(market, login) for login in (shop.DOUBLE_BUYER, shop.DOUBLE_SERVICE))
    shop.must(market, shop.DOUBLE_BUYER, "sessionSwitch", "__typename", organizationId=platform)
    try:
        assert refused(shop.DOUBLE_BUYER) == [f"{code}.not_own"]
    finally:
        shop.must(market, shop.DOUBLE_BUYER, "sessionSwitch", "__typename", organizationId=home)
    assert shop.mutate(market, shop.SERVICE2, mutation, "order { state }", **about)["refusal"] is None


def test_the_same_person_approves_what_others_bought(market: Marketplace) -> None:
    """It is the person that counts, not the role."""
    placed = bought(market, shop.BUYER, 15_000)
    assert shop.approve(market, shop.DOUBLE_SERVICE, placed.order, placed.version)["refusal"] is None


def test_a_dispatch_is_asked_for_the_agent_alone(market: Marketplace, owner: Owner) -> None:
    """The system's part: as the system, for the agent at the vendor, who did not approve."""
    placed = bought(market, shop.DOUBLE_BUYER, 15_000)
    version = shop.approve(market, shop.SERVICE, placed.order, placed.version)["order"]["version"]
    since = owner.value(NOW)
    assert shop.dispatch(market, shop.AGENT, placed.order, version)["refusal"] is None
    agent = until(lambda: owner.value("select dispatched_by from orders where number = $1", placed.number))
    (row,) = [row for row in steps(owner, agent, since) if row["action"] == "order.dispatch"]
    given = json.loads(row["input"])
    assert (row["role"], given["subject"]["roles"], given["subject"]["person"]) == ("system", ["system"], None)
    assert given["subject"]["on_behalf_of"]["person"] == str(agent)
    assert str(agent) not in given["resource"]["actors"]["order.approve"]
    assert given["subject"]["on_behalf_of"]["organization"] == given["resource"]["organizations"]["counterparty"]


def test_whoever_approves_for_the_platform_never_dispatches_for_a_vendor(market: Marketplace) -> None:
    """The two roles cannot meet in one hand, in whatever order they are given."""
    vendor = shop.organization(market, shop.AGENT)
    given = {"organizationId": vendor, "role": "FULFILLMENT_AGENT", "reason": "For a test."}
    double = person(market, shop.DOUBLE_SERVICE)
    refusal = shop.mutate(market, shop.OPERATOR, "grantIssue", GRANTED, personId=double, **given)["refusal"]
    assert [reason["code"] for reason in refusal["reasons"]] == ["access.grant.conflict"]
    platform = shop.organization(market, shop.OPERATOR)
    agent = person(market, shop.AGENT)
    given |= {"organizationId": platform, "role": "SERVICE_MANAGER"}
    refusal = shop.mutate(market, shop.OPERATOR, "grantIssue", GRANTED, personId=agent, **given)["refusal"]
    assert [reason["code"] for reason in refusal["reasons"]] == ["access.grant.conflict"]
