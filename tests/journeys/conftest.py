"""One marketplace for all journeys of a test worker, whose books are verified when the last one is over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.books import Owner, owner_of, until, verified
from tests.marketplace import Marketplace, running


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marketplace]:
    """Seeded, running, shared: a journey makes what it changes."""
    with running(tmp_path_factory.mktemp("market")) as marketplace:
        yield marketplace
        with owner_of(marketplace) as owner:
            query = "select count(*) from saga where state in ('running', 'waiting', 'compensating')"
            until(lambda: owner.value(query), good=lambda left: left == 0)
        assert verified(marketplace).endswith(" checks, 0 violations")


@pytest.fixture
def owner(market: Marketplace) -> Iterator[Owner]:
    """The marketplace's database as its owner reads it."""
    with owner_of(market) as found:
        yield found
