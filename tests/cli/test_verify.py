"""`portcullis verify` as typed, on the demo: what it prints, how it ends, and what it compares with the provider."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from cli.seed import seed
from db.invariants import LEAVES, invariants
from tests.adapters.payments.process import Sandbox, free_port, new_key
from tests.conftest import Database
from wiring.settings import Settings

PORTCULLIS = Path(sys.executable).with_name("portcullis")


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """Of one marketplace, whose purchases have the same numbers as those of the next."""
    running = Sandbox(tmp_path / "payments").start()
    yield running
    running.end()


@pytest.fixture
async def demo(database: Database, sandbox: Sandbox, tmp_path: Path) -> Database:
    """Seeded with orders that the provider authorized."""
    await seed(Settings(home=tmp_path, database_url=SecretStr(database.owner), payments_url=sandbox.url))
    return database


def verify(dsn: str, payments: str, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTCULLIS_")}
    ours = {"PORTCULLIS_DATABASE_URL": dsn, "PORTCULLIS_PAYMENTS_URL": payments}
    return subprocess.run(
        [PORTCULLIS, "verify", *words], capture_output=True, text=True, env={**kept, **ours}, check=False
    )


async def test_a_whole_marketplace_has_no_violations(demo: Database, sandbox: Sandbox) -> None:
    """Every invariant, every leaf, and the provider's books of the very purchases that are here."""
    done = verify(demo.owner, sandbox.url)
    assert done.stdout == f"{len(invariants()) + 2} checks, 0 violations\n", done.stdout
    assert done.stderr == ""
    assert done.returncode == 0


async def test_a_provider_that_does_not_answer_is_not_compared(demo: Database) -> None:
    """One check less, and a word about it."""
    done = verify(demo.owner, f"http://127.0.0.1:{free_port()}")
    assert done.stdout == f"{len(invariants()) + 1} checks, 0 violations\n", done.stdout
    assert "payment provider not compared" in done.stderr


async def test_a_charge_without_a_purchase_is_told(demo: Database, sandbox: Sandbox) -> None:
    """Somebody was charged whom we know nothing of."""
    async with sandbox.client() as client:
        await client.authorize(new_key(), "NOBODY-1", 4900, "EUR", "pm_ok")
    done = verify(demo.owner, sandbox.url)
    assert "  NOBODY-1: 4900 EUR charged there, the purchase is unknown here" in done.stdout.splitlines()
    assert done.returncode == 1


async def test_one_edited_row_is_told_and_ends_with_one(demo: Database) -> None:
    """The check, how many, of how many, what should be so, and an example."""
    async with demo.connect() as owner:
        await owner.execute(
            "update \"grant\" set state = 'revoked', revoked_at = clock_timestamp() where role = 'auditor'"
        )
    done = verify(demo.owner, f"http://127.0.0.1:{free_port()}")
    first, example, last = done.stdout.splitlines()
    assert first.startswith("state_is_its_newest_journal_row: 1 violations in ")
    assert example.endswith("grant is revoked at version 1, its journal live at 1")
    assert last == f"{len(invariants()) + 1} checks, 1 violations"
    assert done.returncode == 1


async def test_json_has_every_check(demo: Database) -> None:
    """With the rows it looked at."""
    rows = json.loads(verify(demo.owner, f"http://127.0.0.1:{free_port()}", "--json").stdout)
    assert {row["check"] for row in rows} == {LEAVES, *(invariant.name for invariant in invariants())}
    assert all(row.keys() == {"check", "rows", "violations"} for row in rows)
    assert next(row["rows"] for row in rows if row["check"] == LEAVES) > 500


def test_a_database_that_is_not_there_is_one_sentence() -> None:
    """No traceback for what a person can mend."""
    done = verify(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing", f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("portcullis: the database does not answer: ")
