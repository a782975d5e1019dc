"""One marketplace for all journeys of a test worker, whose books are verified when the last one is over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.books import Owner, owner_of, quiet, verified
from tests.marketplace import Marketplace, running


@pytest.fixture(scope="session")
def running_market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marketplace]:
    with running(tmp_path_factory.mktemp("market")) as marketplace:
        yield marketplace


@pytest.fixture(scope="session")
def owner(running_market: Marketplace) -> Iterator[Owner]:
    """The marketplace's database as its owner reads it."""
    with owner_of(running_market) as found:
        yield found


@pytest.fixture(scope="session")
def market(running_market: Marketplace, owner: Owner) -> Iterator[Marketplace]:
    """Seeded, running, shared: a journey makes what it changes."""
    yield running_market
    quiet(owner)
    assert verified(running_market).endswith(" checks, 0 violations")
