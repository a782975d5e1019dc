"""The supervisor with real child processes: order, restarts, ends, and what a killed one leaves behind."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from adapters.postgres import OWNER
from tests.cli.supervised import PROGRAM, Start, ended
from wiring.databases import own_cluster
from wiring.settings import Settings


def test_parts_start_when_what_they_need_is_ready(start: Start, port: int) -> None:
    """A process, then a step, then a server; the announcement comes last."""
    run = start("whole", port)
    run.until("all ready")
    assert [line.split()[0] for line in run.lines] == ["first", "once", "web", "all"]
    assert run.end() == 0


def test_an_early_process_loads_while_what_it_needs_comes_up(start: Start) -> None:
    """It is told when its needs are ready, and at once when it is started again."""
    run = start("early")
    run.until("all ready")
    assert [line.split()[0] for line in run.lines] == ["once", "eager", "all"]
    os.kill(run.pid("eager"), signal.SIGKILL)
    run.until("eager ready")
    assert run.end() == 0


def test_ctrl_c_ends_all_in_reverse_order_and_leaves_no_pid_file(start: Start, port: int) -> None:
    """Nothing is left running."""
    run = start("whole", port)
    run.until("all ready")
    children = [run.pid("first"), run.pid("web")]
    assert run.end(signal.SIGINT) == 0
    assert all(ended(child) for child in children)
    assert list((run.home / "run").glob("*.pid")) == []


@pytest.mark.parametrize("name", ["first", "web"])
def test_a_killed_process_is_started_again_under_its_pid_file(start: Start, port: int, name: str) -> None:
    """kill -9 of any part heals by itself, again and again."""
    run = start("whole", port)
    run.until("all ready")
    for _ in range(3):
        before = run.pid(name)
        os.kill(before, signal.SIGKILL)
        run.until(f"{name} ready")
        assert run.pid(name) != before
    assert run.end(signal.SIGTERM) == 0


def test_a_child_that_will_not_end_is_killed(start: Start) -> None:
    """SIGTERM is a request."""
    run = start("stubborn")
    run.until("all ready")
    children = [run.pid("mild"), run.pid("hard")]
    assert run.end() == 0
    assert "hard does not end by itself; killing it" in run.text
    assert all(ended(child) for child in children)


def test_a_child_takes_its_own_children_along(start: Start) -> None:
    """The whole group ends, at a crash and at the stop."""
    run = start("parent")
    run.until("all ready")
    mark = run.home / "run" / "parent.up"
    first = int(mark.read_text())
    os.kill(run.pid("parent"), signal.SIGKILL)
    run.until("parent ready")
    assert ended(first)
    second = int(mark.read_text())
    run.end()
    assert ended(second)


def test_a_killed_supervisor_takes_its_children_along(start: Start, port: int) -> None:
    """Nothing survives kill -9 of the supervisor, and the next run works."""
    run = start("whole", port)
    run.until("all ready")
    children = [run.pid("first"), run.pid("web")]
    run.end(signal.SIGKILL)
    assert all(ended(child) for child in children)
    again = start("whole", port)
    again.until("all ready")
    assert again.end() == 0


def test_the_next_run_ends_a_stubborn_child_of_a_killed_one(start: Start) -> None:
    """A child may ignore that its supervisor died, but not the next run."""
    run = start("stubborn")
    run.until("all ready")
    left = run.pid("hard")
    run.process.kill()
    run.process.wait()
    again = start("stubborn")
    assert f"hard ({left})" in again.until("ended hard")
    assert ended(left)
    again.until("all ready")
    again.end()


def test_a_stale_pid_file_never_ends_a_stranger(start: Start) -> None:
    """The id in a pid file may belong to somebody else by now."""
    with subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"]) as stranger:
        run = start("stubborn")
        run.until("all ready")
        run.process.kill()
        run.process.wait()
        os.kill(run.pid("hard"), signal.SIGKILL)
        (run.home / "run" / "hard.pid").write_text(str(stranger.pid))
        again = start("stubborn")
        again.until("all ready")
        again.end()
        assert stranger.poll() is None
        stranger.kill()


def test_it_ends_with_the_make_that_started_it(start: Start, tmp_path: Path, port: int) -> None:
    """kill -9 of `make run` stops the marketplace as well."""
    words = [sys.executable, str(PROGRAM), str(tmp_path / "home"), "whole", str(port), "with-parent"]
    make = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    with subprocess.Popen([sys.executable, "-c", make, *words], stderr=subprocess.PIPE, text=True) as parent:
        assert parent.stderr is not None
        assert any("all ready" in line for line in parent.stderr)
        children = [int((tmp_path / "home" / "run" / f"{name}.pid").read_text()) for name in ("first", "web")]
        parent.kill()
        assert "stopping" in parent.stderr.read()
    assert all(ended(child) for child in children)


def test_a_second_run_on_the_same_home_says_who_is_running(start: Start, port: int) -> None:
    """One marketplace a home."""
    run = start("whole", port)
    run.until("all ready")
    second = start("whole", port)
    assert second.rest() == 1
    assert f"already running on {run.home}: http://127.0.0.1:{port} (process {run.process.pid})" in second.text
    assert run.end() == 0


def test_a_port_in_use_is_named_with_the_setting_that_moves_it(start: Start, port: int) -> None:
    """One line, before anything starts."""
    with socket.create_server(("127.0.0.1", port)):
        run = start("whole", port)
        assert run.rest() == 1
    who = f"Port {port} on 127.0.0.1 is in use by another program, and web needs it"
    assert run.lines == [f"{who}: stop that program or set PORTCULLIS_PORT."]


@pytest.mark.parametrize(
    ("scenario", "says", "log", "ends_with"),
    [
        ("dies", "dying ended with 1 before it was ready", "dying.log", "no such luck"),
        ("hangs", "hanging was not ready within 1 s", "hanging.log", "thinking"),
        ("fails", "once failed with 1", "once.log", "table is on fire"),
        ("endless", "once did not end within 1 s", "once.log", None),
    ],
)
def test_a_part_that_does_not_come_up_stops_the_start_and_names_its_log(
    start: Start, scenario: str, says: str, log: str, ends_with: str | None
) -> None:
    """The reader learns which part, where its log is, and its last lines."""
    run = start(scenario)
    assert run.rest() == 1
    assert f"{says}. Its log is {run.home}/logs/{log}" in run.text
    assert ends_with is None or run.lines[-1] == ends_with
    assert list((run.home / "run").glob("*.pid")) == []


def test_a_log_that_grew_too_long_is_put_aside_at_the_start(start: Start, tmp_path: Path, port: int) -> None:
    """Logs are bounded by starts."""
    log = tmp_path / "home" / "logs" / "first.log"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"x" * 5_000_001)
    run = start("whole", port)
    run.until("all ready")
    run.end()
    assert log.stat().st_size == 0
    assert log.with_suffix(".log.1").stat().st_size == 5_000_001


async def test_a_killed_postgres_comes_back_with_its_data(start: Start, tmp_path: Path) -> None:
    """kill -9 of the postmaster while a client is connected loses nothing that was committed."""
    run = start("postgres")
    run.until("all ready")
    cluster = own_cluster(Settings(home=tmp_path / "home"))
    connection = await asyncpg.connect(cluster.dsn(OWNER))
    await connection.execute("create table kept (n int); insert into kept values (42)")
    os.kill(run.pid("postgres"), signal.SIGKILL)
    run.until("postgres ready")
    connection.terminate()
    connection = await asyncpg.connect(cluster.dsn(OWNER))
    assert await connection.fetchval("select n from kept") == 42
    await connection.close()
    last = run.pid("postgres")
    run.end(signal.SIGKILL)
    assert ended(last)
    again = start("postgres")
    again.until("all ready")
    connection = await asyncpg.connect(cluster.dsn(OWNER))
    assert await connection.fetchval("select n from kept") == 42
    # A client that stays must not hold up the end.
    assert again.end() == 0
    connection.terminate()
