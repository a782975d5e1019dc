"""What counts as a difference between our books and the payment provider's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cli.provider_agreement import Book, differences
from domain.payments.provider import (
    ProviderAuthorization,
    ProviderMovement,
    ProviderMovementState,
    ProviderState,
)

OURS = Book("ACME-1", "placed", "k1", "authorized", 5831, "EUR", 0, moving=False)
THERE = ProviderAuthorization(
    id="auth_1",
    key="k1",
    reference="ACME-1",
    amount=5831,
    currency="EUR",
    method="pm_ok",
    state=ProviderState.AUTHORIZED,
    decline_code=None,
    captures=(),
    refunds=(),
    created_at="2026-01-01T00:00:00Z",
)
TAKEN = ProviderMovement("cap_1", "c1", 5831, ProviderMovementState.SUCCEEDED)
CAPTURED = replace(THERE, state=ProviderState.CAPTURED, captures=(TAKEN,))


@pytest.mark.parametrize(
    ("ours", "there"),
    [
        (OURS, THERE),
        (replace(OURS, captured=5831), CAPTURED),
        (replace(OURS, purchase="failed", state="voided"), replace(THERE, state=ProviderState.VOIDED)),
        (replace(OURS, purchase="failed", state="declined"), replace(THERE, state=ProviderState.DECLINED)),
        (replace(OURS, purchase="authorizing", state="initiated"), THERE),
        (replace(OURS, purchase="compensating"), replace(THERE, state=ProviderState.VOIDED)),
        (replace(OURS, moving=True), CAPTURED),
    ],
    ids=["authorized", "captured", "voided", "declined", "a step ahead", "being given back", "being captured"],
)
def test_equal_books_and_books_on_the_way_agree(ours: Book, there: ProviderAuthorization) -> None:
    """A purchase under way may be a step behind the provider."""
    assert differences([ours], [there]) == []


@pytest.mark.parametrize(
    ("ours", "there", "told"),
    [
        (OURS, None, "k1 is authorized here and unknown there"),
        (OURS, replace(THERE, amount=5832), "5831 EUR here, 5832 EUR there"),
        (OURS, replace(THERE, currency="USD"), "5831 EUR here, 5831 USD there"),
        (OURS, replace(THERE, state=ProviderState.VOIDED), "k1 is authorized here and voided there"),
        (OURS, CAPTURED, "0 captured here, 5831 there"),
        (replace(OURS, captured=5831), THERE, "5831 captured here, 0 there"),
        (
            replace(OURS, purchase="failed", state="declined"),
            THERE,
            "5831 EUR charged there, the purchase is failed here",
        ),
        (
            replace(OURS, number="ACME-2", key="k2", state="declined"),
            THERE,
            "5831 EUR charged there, the purchase is unknown here",
        ),
    ],
    ids=["missing", "amount", "currency", "voided", "captured there", "captured here", "no purchase", "stranger"],
)
def test_every_disagreement_is_told(ours: Book, there: ProviderAuthorization | None, told: str) -> None:
    """In words, by purchase number."""
    found = differences([ours], [there] if there else [])
    assert told in [difference.what for difference in found]


def test_what_the_provider_never_heard_of_needs_no_voiding() -> None:
    """The request was lost on its way."""
    assert differences([replace(OURS, purchase="failed", state="voided")], []) == []


def test_a_second_charge_for_one_purchase_is_a_difference() -> None:
    """The first one is ours, the second one nobody's."""
    (found,) = differences([OURS], [THERE, replace(THERE, id="auth_2", key="k9")])
    assert found.reference == "ACME-1"
