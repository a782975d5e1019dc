"""Every process looks at its keys, its role and its database before it does anything."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.telemetry import logger
from db.pool import create_pool
from tests.conftest import Database
from wiring.runtime import Process, open_runtime
from wiring.safety import UnsafeError, assert_safe
from wiring.settings import Profile, Settings

OWN: dict[str, Any] = {
    "profile": Profile.PRODUCTION,
    "issuer": "https://login.example",
    "cursor_key": "c" * 32,
    "vault_key": "v" * 32,
}


def settings_of(database: Database, home: Path, **given: Any) -> Settings:
    return Settings(
        home=home,
        database_url=SecretStr(database.owner),
        gateway_database_url=SecretStr(database.gateway),
        worker_database_url=SecretStr(database.worker),
        **given,
    )


@pytest.mark.parametrize("process", ["gateway", "worker"])
async def test_production_starts_nothing_on_a_database_that_may_forget(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, process: Process
) -> None:
    """Which that of the tests may; each reason is told in a line, for either process."""
    monkeypatch.setenv("PORTCULLIS_PROFILE", "production")
    monkeypatch.setenv("PORTCULLIS_PAYMENTS_KEY", "p" * 32)
    monkeypatch.setenv("PORTCULLIS_PAYMENTS_WEBHOOK_SECRET", "w" * 32)
    with pytest.raises(UnsafeError) as raised:
        async with open_runtime(settings_of(database, tmp_path, **{**OWN, "vault_key": "v"}), process):
            pass
    assert [line.partition(":")[0] for line in str(raised.value).splitlines()] == [
        "PORTCULLIS_VAULT_KEY needs at least 32 characters.",
        "The database has fsync off",
        "The database has full_page_writes off",
        "The database has synchronous_commit off",
    ]


async def test_elsewhere_it_is_told_in_the_log(database: Database, tmp_path: Path) -> None:
    """Once, by name."""
    pool, log = await create_pool(database.worker, 1), io.StringIO()
    await assert_safe(settings_of(database, tmp_path), pool, logger("worker", log))
    await pool.close()
    (line,) = [json.loads(line) for line in log.getvalue().splitlines()]
    assert (line["level"], line["event"]) == ("warning", "database_may_forget")
    assert line["off"] == ["fsync", "full_page_writes", "synchronous_commit"]


async def test_production_refuses_a_role_that_sees_everything(database: Database, tmp_path: Path) -> None:
    """Row-level security would mean nothing."""
    pool = await create_pool(database.server.dsn("postgres", database.name), 1)
    with pytest.raises(UnsafeError, match="superuser"):
        await assert_safe(settings_of(database, tmp_path, **OWN), pool, logger("worker", io.StringIO()))
    await pool.close()
