"""Fixtures of the payment tests: one sandbox process for all that do not kill it."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.adapters.payments.process import Http, Sandbox, http


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    running = Sandbox(tmp_path_factory.mktemp("payments"), {"PORTCULLIS_PAYMENTS_HANG": "30"}).start()
    yield running
    running.end()


@pytest_asyncio.fixture
async def provider(sandbox: Sandbox) -> AsyncIterator[Http]:
    async with http(sandbox.url) as plain:
        yield plain
