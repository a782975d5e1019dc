"""`portcullis verify` as typed, on the demo: what it prints, how it ends, and what it compares with the provider."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli.seed import seed
from db.invariants import LEAVES, invariants
from tests.conftest import Database, copied
from tests.marketplace import free_port
from wiring.settings import Settings

PORTCULLIS = Path(sys.executable).with_name("portcullis")


@pytest.fixture
async def demo(template: Database, tmp_path: Path) -> AsyncIterator[Database]:
    async with copied(template, "verified") as database:
        await seed(Settings(home=tmp_path / "home", database_url=database.owner))
        yield database


def verify(database: Database, *words: str, payments_port: int | None = None) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTCULLIS_")}
    ours = {
        "PORTCULLIS_DATABASE_URL": database.owner,
        "PORTCULLIS_PAYMENTS_URL": f"http://127.0.0.1:{payments_port or free_port()}",
    }
    return subprocess.run(
        [PORTCULLIS, "verify", *words], capture_output=True, text=True, env={**kept, **ours}, check=False
    )


async def test_a_whole_marketplace_has_no_violations(demo: Database) -> None:
    """Without the provider there is one comparison less, and a word about it."""
    done = verify(demo)
    assert done.stdout == f"{len(invariants()) + 1} checks, 0 violations\n"
    assert "payment provider not compared" in done.stderr
    assert done.returncode == 0


async def test_one_edited_row_is_told_and_ends_with_one(demo: Database) -> None:
    """The check, how many, of how many, what should be so, and an example."""
    async with demo.connect() as owner:
        await owner.execute(
            "update \"grant\" set state = 'revoked', revoked_at = clock_timestamp() where role = 'auditor'"
        )
    done = verify(demo)
    first, example, last = done.stdout.splitlines()
    assert first.startswith("state_is_its_newest_journal_row: 1 violations in ")
    assert example.endswith("grant is revoked at version 1, its journal live at 1")
    assert last == f"{len(invariants()) + 1} checks, 1 violations"
    assert done.returncode == 1


async def test_json_has_every_check(demo: Database) -> None:
    """With the rows it looked at."""
    rows = json.loads(verify(demo, "--json").stdout)
    assert {row["check"] for row in rows} == {LEAVES, *(invariant.name for invariant in invariants())}
    assert all(row.keys() == {"check", "rows", "violations"} for row in rows)
    assert next(row["rows"] for row in rows if row["check"] == LEAVES) > 500


def test_a_database_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """No traceback for what a person can mend."""
    environment = {**os.environ, "PORTCULLIS_DATABASE_URL": f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"}
    done = subprocess.run([PORTCULLIS, "verify"], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("portcullis: the database does not answer: ")
