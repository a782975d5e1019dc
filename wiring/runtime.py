"""The world of one process, opened once and closed in order: database pool, policy engine, payment provider, vault."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Literal

from adapters.opa.client import OpaClient
from adapters.opa.row import ROW as POLICY_ROW
from adapters.opa.row import PolicyRow
from adapters.payments.client import PaymentsClient
from adapters.payments.row import ROW as PAYMENTS_ROW
from adapters.telemetry import logger
from adapters.vault import Vault
from db.ids import new_id
from db.leases import PostgresLeases
from db.lending import Pool
from db.pool import create_pool
from db.store import PostgresStore
from domain.ports import Ports
from domain.visibility import Cells
from wiring.cells import cells
from wiring.databases import database_urls
from wiring.safety import assert_safe
from wiring.settings import Settings, payments_settings

Process = Literal["gateway", "worker", "owner"]


@dataclass(frozen=True, slots=True)
class Runtime:
    """What gateway, worker and commands share. `ports` is what the domain needs of it."""

    settings: Settings
    pool: Pool
    store: PostgresStore
    policy: OpaClient
    payments: PaymentsClient
    vault: Vault
    ports: Ports
    cells: Cells


@asynccontextmanager
async def open_runtime(settings: Settings, process: Process) -> AsyncIterator[Runtime]:
    """Open everything `process` needs; OPA and the provider may be down, the database may not.

    Raises `UnsafeError`.
    """
    urls = database_urls(settings)
    dsn = {"gateway": urls.gateway, "worker": urls.worker, "owner": urls.owner}[process]
    size = settings.worker_pool_size if process == "worker" else settings.pool_size
    paid = payments_settings()
    async with AsyncExitStack() as stack:
        pool = await create_pool(dsn, size, name=f"portcullis {process}")
        stack.push_async_callback(pool.close)
        await assert_safe(settings, pool, logger(process))
        policy = await stack.enter_async_context(OpaClient(settings.opa_socket, policy_row(settings)))
        payments = await stack.enter_async_context(
            PaymentsClient(
                settings.payments_url,
                paid.payments_key.get_secret_value(),
                replace(PAYMENTS_ROW, timeout=paid.payments_timeout),
            )
        )
        vault = Vault(settings.vault_key.get_secret_value())
        store = PostgresStore(pool, vault)
        ports = Ports(
            store=store, policy=policy, new_id=new_id, payments=payments, leases=PostgresLeases(pool, new_id())
        )
        yield Runtime(settings, pool, store, policy, payments, vault, ports, cells())


def policy_row(settings: Settings) -> PolicyRow:
    """The row with the deadline of the settings; many questions at once may take in proportion longer."""
    longer = settings.policy_deadline_s / POLICY_ROW.deadline
    return replace(POLICY_ROW, deadline=settings.policy_deadline_s, batch_deadline=POLICY_ROW.batch_deadline * longer)
