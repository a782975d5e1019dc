"""The command line as typed: what it lists, prints and explains."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.postgres import find, start_throwaway
from cli import leftovers, marketplace
from cli.main import COMMANDS, EXPLAINED, build, module_of
from cli.parts import Step
from wiring.settings import Settings

PORTCULLIS = Path(sys.executable).with_name("portcullis")
Typed = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """Runs `portcullis WORDS` with a home of its own."""

    def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTCULLIS_")}
        given = {"PORTCULLIS_HOME": str(tmp_path / "home"), "COLUMNS": "200", **environment}
        return subprocess.run([PORTCULLIS, *words], capture_output=True, text=True, env={**kept, **given}, check=False)

    return run


def test_help_lists_every_command_that_exists(typed: Typed) -> None:
    """And imports none of them."""
    said = typed("--help").stdout
    assert [name for name, says in COMMANDS.items() if says not in said] == []
    source = Path(__file__).parents[2]
    places = [source.joinpath(*module_of(name).split(".")) for name in COMMANDS]
    assert all(place.with_suffix(".py").exists() or place.joinpath("__init__.py").exists() for place in places)


def test_an_unknown_command_is_refused(typed: Typed) -> None:
    """With the exit code of a usage error."""
    said = typed("conquer")
    assert said.returncode == 2
    assert "No such command 'conquer'" in said.stderr


@pytest.mark.parametrize("name", ["run", "dsn", "roles", "settings", "tools", "doctor"])
def test_every_command_has_help(name: str) -> None:
    """One sentence at least."""
    said = CliRunner().invoke(build(name), [name, "--help"])
    assert said.exit_code == 0
    assert "Usage:" in said.stdout


def test_a_wrong_setting_is_one_sentence(typed: Typed) -> None:
    """No traceback for what a person can mend."""
    said = typed("settings", PORTCULLIS_PORT="many")
    assert said.returncode == 1
    assert said.stderr.startswith("portcullis: PORTCULLIS_PORT: ")
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("words", [("seed",), ("migrate",), ("policy", "status"), ("export", "services")])
def test_a_database_that_is_not_there_is_one_sentence(typed: Typed, words: tuple[str, ...]) -> None:
    """Whoever forgot `make run` is told so."""
    said = typed(*words)
    assert said.returncode == 1
    assert said.stderr.startswith("portcullis: the database cannot be reached (")
    assert "Traceback" not in said.stderr


def test_errors_that_explain_themselves_exist_under_their_names() -> None:
    """The list is by name, so that nothing is imported early."""
    for full_name in EXPLAINED:
        module, _, name = full_name.rpartition(".")
        found = getattr(__import__(module, fromlist=[name]), name)
        assert issubclass(found, Exception)
        assert f"{found.__module__}.{found.__qualname__}" == full_name


def test_settings_print_values_and_defaults(typed: Typed) -> None:
    """For people and as JSON."""
    assert "* PORTCULLIS_PORT = 18080" in typed("settings", PORTCULLIS_PORT="18080").stdout
    rows = json.loads(typed("settings", "--json", PORTCULLIS_PORT="18080").stdout)
    port = next(row for row in rows if row["name"] == "PORTCULLIS_PORT")
    assert (port["value"], port["default"], port["changed"]) == (18080, 8080, True)


def test_dsn_is_what_psql_takes(typed: Typed, tmp_path: Path) -> None:
    """The gateway's role unless the owner is asked for."""
    home = tmp_path / "home"
    server = start_throwaway(home)
    shutil.copy(home / "passwords.json", home / "postgres.passwords.json")
    psql = shutil.which("psql") or find("embedded").program("psql")
    try:
        for words, role in (((), "gateway"), (("--owner",), "owner"), (("--worker",), "worker")):
            dsn = typed("dsn", *words).stdout.strip()
            said = subprocess.run(
                [psql, dsn, "-Atc", "select current_user"], capture_output=True, text=True, check=True
            )
            assert said.stdout == f"portcullis_{role}\n"
    finally:
        server.stop()


def test_roles_are_made_in_an_external_database(typed: Typed, tmp_path: Path) -> None:
    """By its owner, once."""
    server = start_throwaway(tmp_path / "external")
    try:
        external = server.superuser_dsn
        assert "made portcullis_gateway, portcullis_worker" in typed("roles", PORTCULLIS_DATABASE_URL=external).stdout
        assert "can log in" in typed("roles", PORTCULLIS_DATABASE_URL=external).stdout
        said = json.loads(typed("doctor", "--json", PORTCULLIS_DATABASE_URL=external).stdout)
        assert any(row["about"] == "database" and row["good"] for row in said)
        (durability,) = [row for row in said if row["about"] == "durability"]
        assert (durability["good"], durability["says"][:44]) == (False, "fsync, full_page_writes, synchronous_commit ")
    finally:
        server.stop()


def test_doctor_finds_nothing_wrong_with_this_machine(typed: Typed) -> None:
    """Else no other test would have run."""
    port = free_port()
    said = typed("doctor", PORTCULLIS_PORT=str(port), PORTCULLIS_PAYMENTS_URL=f"http://127.0.0.1:{free_port()}")
    assert said.returncode == 0, said.stdout
    assert "BAD" not in said.stdout


def test_doctor_explains_each_thing_that_is_broken(typed: Typed) -> None:
    """A sentence with the remedy for each."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = typed(
            "doctor",
            PORTCULLIS_PORT=str(taken.getsockname()[1]),
            PORTCULLIS_POSTGRES="/nowhere",
            PORTCULLIS_HOME="/proc/nowhere",
        )
    assert said.returncode == 1
    for sentence in (
        "BAD home: /proc cannot be written",
        "BAD postgres: PORTCULLIS_POSTGRES=/nowhere finds no PostgreSQL",
        "and gateway needs it: stop that program or set PORTCULLIS_PORT.",
    ):
        assert sentence in said.stdout


def test_doctor_sees_an_external_database_that_does_not_answer(typed: Typed) -> None:
    """And does not show its password."""
    said = typed("doctor", PORTCULLIS_DATABASE_URL=f"postgresql://o:hush-hush@127.0.0.1:{free_port()}/shop")
    assert "BAD database: PORTCULLIS_DATABASE_URL does not answer" in said.stdout
    assert "hush-hush" not in said.stdout + said.stderr


def test_the_parts_stand_in_dependency_order_and_follow_the_settings(tmp_path: Path) -> None:
    """An external database brings roles instead of a server; an external provider brings no sandbox."""
    opa = tmp_path / "opa"
    own = marketplace.parts(Settings(home=tmp_path), opa)
    names = [part.name for part in own]
    assert names == ["payments", "postgres", "migrate", "seed", "bundles", "opa", "gateway", "worker"]
    assert all(set(part.needs) <= set(names[: names.index(part.name)]) for part in own)
    foreign = Settings(home=tmp_path, database_url="postgresql://o@db/shop", payments_url="https://pay.example")
    assert [part.name for part in marketplace.parts(foreign, opa)] == [
        *("roles", "migrate", "seed", "bundles", "opa", "gateway", "worker")
    ]
    assert all(part.command[0] == str(PORTCULLIS) for part in own if isinstance(part, Step))


def test_nobody_holds_a_new_home(tmp_path: Path) -> None:
    """The lock is asked, not the pid file."""
    assert leftovers.holder(tmp_path) is None
    with leftovers.only_one(tmp_path, "http://here"):
        assert leftovers.holder(tmp_path) == f"http://here (process {os.getpid()})"
    assert leftovers.holder(tmp_path) is None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
