"""Which rule plans which step of a checkout."""

from __future__ import annotations

from domain.plan import Rule
from domain.purchases.checkout import checkout
from domain.purchases.giving_back import await_provider, compensate, fail
from domain.purchases.placing import place

RULES: dict[str, Rule] = {
    "checkout.complete": checkout,
    "purchase.await_provider": await_provider,
    "purchase.compensate": compensate,
    "purchase.fail": fail,
    "purchase.place": place,
}
