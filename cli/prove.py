"""`portcullis prove`: the long gates in turn, each with its denominator; a table that others add lines to."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from cli.gate_counts import Counts, by_exit, by_junit, by_pyright

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable

# The counts that `make test` shortens; tests/counts.py reads them.
LONG = {
    "PORTCULLIS_RACES": "1000",
    "PORTCULLIS_STOCK_RACES": "50",
    "PORTCULLIS_WALKS": "3000",
    "PORTCULLIS_DUELS": "100",
}
SYSTEM = {"PORTCULLIS_POSTGRES": "system"}
EMBEDDED = {"PORTCULLIS_POSTGRES": "embedded"}
# A test that repeats a race a thousand times takes longer than any other.
PYTEST = (PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--timeout", "3600")


@dataclass(frozen=True, slots=True)
class Gate:
    """One proof: what runs, with which environment, and how its cases are counted.

    `{junit}` in the command is where pytest writes its counts.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    counts: Callable[[subprocess.CompletedProcess[str], Path], Counts] = by_exit


def _tests(name: str, *paths: str, environment: Mapping[str, str]) -> Gate:
    command = (*PYTEST, "--junitxml", "{junit}", *paths)
    return Gate(name, command, {**LONG, **environment}, by_junit)


def _version(name: str, environment: Mapping[str, str]) -> Gate:
    return Gate(name, (PYTHON, "-m", "cli.postgres_version"), environment)


GATES: tuple[Gate, ...] = (
    _version("PostgreSQL of the system", SYSTEM),
    _version("PostgreSQL of the wheel", EMBEDDED),
    Gate("types, a second opinion", (PYTHON, "-m", "pyright", "--outputjson"), counts=by_pyright),
    _tests("database, PostgreSQL of the system", "tests/db", environment=SYSTEM),
    _tests("database, PostgreSQL of the wheel", "tests/db", environment=EMBEDDED),
    _tests("journeys, PostgreSQL of the system", "tests/journeys", environment=SYSTEM),
    _tests("journeys, PostgreSQL of the wheel", "tests/journeys", environment=EMBEDDED),
    _tests("everything else", "tests", "--ignore", "tests/db", "--ignore", "tests/journeys", environment={}),
)


def command(
    only: Annotated[str | None, typer.Option("--only", help="Run the gates whose name contains this.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Name the gates and run none.")] = False,
) -> None:
    """Run the long proofs; each prints `n cases, n failed, n skipped`. Exit 1 when one fails, is empty or skips."""
    chosen = [gate for gate in GATES if only is None or only in gate.name]
    if listed:
        for gate in chosen:
            typer.echo(f"{gate.name}: {' '.join(gate.command)}")
        return
    failed = [gate.name for gate in chosen if not run(gate)]
    typer.echo(f"{len(chosen)} gates, {len(failed)} failed{': ' + ', '.join(failed) if failed else ''}")
    raise typer.Exit(1 if failed or not chosen else 0)


def run(gate: Gate) -> bool:
    """Whether the gate holds; what it printed is shown where it does not."""
    typer.echo(f"== {gate.name}")
    with tempfile.TemporaryDirectory() as folder:
        junit = Path(folder, "junit.xml")
        words = [word.replace("{junit}", str(junit)) for word in gate.command]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTCULLIS_")}
        tools = {name: value for name, value in os.environ.items() if name == "PORTCULLIS_TOOLS"}
        environment = {**kept, **tools, **gate.environment}
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        counted = gate.counts(done, junit)
    good = done.returncode == 0 and counted.is_good
    if not good or gate.counts is by_exit:
        typer.echo((done.stdout + done.stderr).rstrip())
    typer.echo(str(counted))
    return good
