"""One marketplace for all journeys of a test worker; a journey that breaks processes starts one of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.marketplace import Marketplace, running


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marketplace]:
    """Seeded, running, shared: a journey makes what it changes."""
    with running(tmp_path_factory.mktemp("market")) as marketplace:
        yield marketplace
