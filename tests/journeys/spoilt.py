"""A second gateway over the shared marketplace whose policy engine can be made to fail; the first one is untouched."""

from __future__ import annotations

import shutil
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters import processes
from tests.journeys.books import until
from tests.marketplace import PORTCULLIS, ROOT, Marketplace, free_port, new_key
from tests.policy_faults import Between, Spoil, between

DEADLINE_MS = "3000"  # these tests are about what comes of a late answer, not about when
APPROVE = """mutation($input: OrderApproveInput!) { orderApprove(input: $input) { order { id version state }
  refusal { __typename code message retryable ... on Denied { decisionId policyRevision reasons { code message } }
    ... on Unavailable { reason retryAfterMs } } } }"""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """`through` is spoken to like any marketplace; what stands before its engine is `engine`."""

    through: Marketplace
    engine: Between

    @contextmanager
    def failing(self, fault: str | Spoil, only: bytes | None = None) -> Iterator[None]:
        self.engine.fault, self.engine.only = fault, only
        try:
            yield
        finally:
            self.engine.fault, self.engine.only = None, None

    def ready(self) -> tuple[int, str]:
        """Status and text of the readiness page."""
        try:
            with urllib.request.urlopen(f"{self.through.url}/readyz", timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except urllib.error.URLError as error:
            return 0, str(error)


def approve(market: Marketplace, login: str, order: str, version: int) -> dict[str, Any]:
    """The payload; the order is shown without asking the engine once more, as document 05 does."""
    given = {"orderId": order, "expectedVersion": version, "idempotencyKey": new_key()}
    found: dict[str, Any] = market.gql(login, APPROVE, {"input": given}).data["orderApprove"]
    return found


@contextmanager
def spoilt(market: Marketplace, home: Path) -> Iterator[Spoilt]:
    """A real `portcullis serve` with a home of its own, until the block ends."""
    (home / "run").mkdir(parents=True)
    shutil.copytree(market.home / "keys", home / "keys")
    port = free_port()
    environment = market.environment | {
        "PORTCULLIS_HOME": str(home),
        "PORTCULLIS_PORT": str(port),
        "PORTCULLIS_DATABASE_URL": market.dsn(owner=True),
        "PORTCULLIS_GATEWAY_DATABASE_URL": market.dsn(),
        "PORTCULLIS_POLICY_DEADLINE_MS": DEADLINE_MS,
    }
    through = Marketplace(home, port, market.payments_port, environment, market.tokens)
    with between(home / "run" / "opa.sock", market.home / "run" / "opa.sock") as engine:
        with (home / "gateway.log").open("wb") as log:
            gateway = processes.start((str(PORTCULLIS), "serve"), log, environment=environment, folder=ROOT)
        found = Spoilt(through, engine)
        try:
            until(found.ready, good=lambda told: told[0] == 200)
            yield found
        finally:
            processes.end(gateway, signal.SIGTERM, 20)
