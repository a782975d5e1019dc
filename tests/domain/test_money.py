"""Money is neither made nor lost: amounts split, add up and explain themselves exactly, in whole minor units."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import ledger
from domain.carts.facts import LineFacts, Offer
from domain.command import Ref
from domain.effects import Post
from domain.money import EXPONENTS, LIMIT, Money, allocate, share_half_up
from domain.pricing import TAX_BASIS_POINTS, Line, price, summed
from domain.purchases.parts import parts_from, parts_of
from tests.counts import WALKS
from tests.domain.asking import ACME, ids

LONG = settings(max_examples=WALKS, deadline=None)
AMOUNT = st.integers(0, 10**11)
COUNTRY = st.sampled_from(sorted(TAX_BASIS_POINTS))
LINES = st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 10_000)), min_size=1, max_size=12)
VENDORS = [UUID(int=number) for number in (100, 101, 102)]


def lines(found: list[tuple[int, int]]) -> list[Line]:
    return [Line(UUID(int=number), unit, quantity) for number, (unit, quantity) in enumerate(found)]


def whole(value: Any) -> bool:
    """No float anywhere below."""
    if isinstance(value, dict):
        return all(whole(item) for item in value.values())
    return all(whole(item) for item in value) if isinstance(value, list | tuple) else not isinstance(value, float)


@LONG
@given(amount=st.integers(0, LIMIT), weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any))
def test_parts_sum_to_the_whole(amount: int, weights: list[int]) -> None:
    """And each part is its exact share, rounded one way or the other; nothing goes to a weight of nothing."""
    parts = allocate(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        share = Fraction(amount * weight, sum(weights))
        assert share - 1 < part < share + 1
        assert part == 0 or weight > 0


@pytest.mark.parametrize("weights", [(), (0,), (0, 0)])
def test_nothing_is_split_by_nothing(weights: tuple[int, ...]) -> None:
    """That would lose it."""
    with pytest.raises(ValueError, match="weights"):
        allocate(100, weights)


@LONG
@given(amount=AMOUNT, basis_points=st.integers(0, 10_000))
def test_a_share_is_rounded_half_up(amount: int, basis_points: int) -> None:
    """As an accountant does it."""
    exact = Fraction(amount * basis_points, 10_000)
    found = share_half_up(amount, basis_points)
    assert -Fraction(1, 2) < found - exact <= Fraction(1, 2)


@LONG
@given(found=LINES, country=COUNTRY)
def test_every_total_is_the_sum_of_its_steps(found: list[tuple[int, int]], country: str) -> None:
    """Line by line and together; in whole numbers, whatever is bought."""
    priced = price(lines(found), country)
    for line in priced.lines:
        assert sum(step.amount_minor for step in line.steps) == line.total_minor
        assert line.subtotal_minor == line.unit_minor * line.quantity
        assert line.tax_minor == share_half_up(line.subtotal_minor, TAX_BASIS_POINTS[country])
    assert priced.totals.total_minor == sum(line.total_minor for line in priced.lines)
    assert priced.totals == summed(priced.lines)
    assert whole([asdict(line) for line in priced.lines])


@LONG
@given(found=LINES, country=COUNTRY, data=st.data())
def test_orders_sum_to_their_purchase(found: list[tuple[int, int]], country: str, data: st.DataObject) -> None:
    """One part per vendor, every line in exactly one of them, and the same after the saga has kept them as JSON."""
    asked = lines(found)
    sold_by = {line.key: data.draw(st.sampled_from(VENDORS)) for line in asked}
    bought = [facts(line, sold_by[line.key]) for line in asked]
    priced = price(asked, country)
    parts = parts_of(bought, priced, "EUR", ids())
    assert sum(part.total_minor for part in parts) == priced.totals.total_minor
    assert sum(part.tax_minor for part in parts) == priced.totals.tax_minor
    for part in parts:
        assert part.total_minor == sum(item.total_minor for item in part.items)
        assert part.total_minor == (
            part.subtotal_minor - part.discount_minor + part.tax_minor + part.shipping_minor + part.handling_minor
        )
        assert {sold_by[line.id] for line in bought if line.offer.id in {item.variant for item in part.items}} == {
            part.vendor_home
        }
    assert sorted(item.variant for part in parts for item in part.items) == sorted(line.offer.id for line in bought)
    assert [part.ordinal for part in parts] == list(range(1, len(parts) + 1))
    assert parts_from({"orders": [part.as_json() for part in parts]}) == parts


def facts(line: Line, home: UUID) -> LineFacts:
    """The line as a cart has it: one variant of one vendor's."""
    number = UUID(int=line.key.int + 500)
    offer = Offer(
        number, home, f"S-{number}", "Socket", "EUR", line.unit_minor, "stock", "published", home, "active", 9
    )
    return LineFacts(line.key, line.quantity, line.unit_minor, offer)


@LONG
@given(total=st.integers(1, 10**11), data=st.data())
def test_the_ledger_balances(total: int, data: st.DataObject) -> None:
    """What was committed is charged or given up, to the last unit; vendor and tax office are owed what was paid."""
    tax = data.draw(st.integers(0, total))
    order, money, vendor = Ref("order", ACME, UUID(int=7)), Money(total, "EUR"), VENDORS[0]
    placed = ledger.ordered(order, money, ids())
    paid = ledger.charged(order, money, tax_minor=tax, country="DE", vendor=vendor, new_id=ids())
    for end in (paid, ledger.given_up(order, money, ids())):
        balance = balances((*placed, *end))
        assert sum(balance.values()) == 0
        assert balance[ledger.COMMITTED] == balance[ledger.EXPECTED] == 0
    balance = balances((*placed, *paid))
    assert abs(balance[ledger.CLEARING]) == total
    assert abs(balance[ledger.payable(vendor)] + balance[ledger.tax("DE")]) == total
    assert all(isinstance(post, Post) and post.amount > 0 for post in (*placed, *paid))


def balances(posts: tuple[Any, ...]) -> Counter[str]:
    found: Counter[str] = Counter()
    for post in posts:
        found[post.debit] += post.amount
        found[post.credit] -= post.amount
    return found


@LONG
@given(minor=st.integers(-LIMIT, LIMIT), currency=st.sampled_from(sorted(EXPONENTS)))
def test_decimal_text_is_exact(minor: int, currency: str) -> None:
    """For every exponent of ISO 4217 that is used, and both signs."""
    assert Decimal(Money(minor, currency).decimal) == Decimal(minor).scaleb(-EXPONENTS[currency])


@pytest.mark.parametrize("minor", [LIMIT + 1, -LIMIT - 1])
def test_amounts_stay_where_every_client_is_exact(minor: int) -> None:
    """A JavaScript number holds no more."""
    with pytest.raises(OverflowError):
        Money(minor, "EUR")
