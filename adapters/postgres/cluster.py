"""One PostgreSQL cluster in a folder: make it, describe how to run it, tell when it is ready; does not supervise it."""

import hashlib
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from adapters.postgres import account
from adapters.postgres.binaries import Binaries
from adapters.postgres.passwords import GATEWAY, OWNER, SUPERUSER, WORKER, Passwords, verifier
from adapters.sockets import make_socket_folder, socket_folder

DATABASE = "portcullis"
PORT = 5432
# SIGTERM would wait for every client to leave; SIGINT rolls back and stops, SIGQUIT drops everything.
STOP = signal.SIGINT
DROP = signal.SIGQUIT

SERVER: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "128MB",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_checkpoints": "off",
        # Said here so that no file of the cluster may turn them off: what is acknowledged survives a crash.
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
    }
)
# For clusters that may be lost: no write waits for the disk.
CARELESS: Mapping[str, str] = MappingProxyType(
    {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
    }
)
_RIGHTS = MappingProxyType(
    {
        OWNER: "login nosuperuser createdb createrole nobypassrls",
        GATEWAY: "login nosuperuser nocreatedb nocreaterole nobypassrls",
        WORKER: "login nosuperuser nocreatedb nocreaterole nobypassrls",
    }
)
# Since 16 the right to create roles is no right to alter those that somebody else created: the owner limits them.
_GRANT_SINCE = 16
_GRANT = f"grant {{role}} to {OWNER} with admin true, inherit false, set false"
# Locks of one's own choice would hold up everybody's changes; the functions that run as the owner still take theirs.
_LOCKS = (
    "do $$ declare f regprocedure; begin for f in select oid from pg_proc"
    " where pronamespace = 'pg_catalog'::regnamespace and proname like '%advisory%'"
    " loop execute format('revoke execute on function %s from public', f);"
    f" execute format('grant execute on function %s to {OWNER}', f); end loop; end $$"
)
_ORPHANS, _ORPHANS_S = "pre-existing shared memory block", 15.0
_STATUS_LINE = 7
_MARKER = "portcullis.roles"


class ClusterError(RuntimeError):
    """The cluster could not be made or prepared."""


@dataclass(frozen=True, slots=True)
class Cluster:
    folder: Path
    wanted_sockets: Path
    binaries: Binaries
    passwords: Passwords
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def sockets(self) -> Path:
        return socket_folder(self.wanted_sockets)

    def dsn(self, role: str = GATEWAY, database: str = DATABASE) -> str:
        return dsn(self.sockets, role, self.passwords[role], database)

    def command(self) -> list[str]:
        """Runs the server in the foreground; the process started is the postmaster itself."""
        settings = {**SERVER, **self.settings, "unix_socket_directories": str(self.sockets), "port": str(PORT)}
        flags = [f"--{name}={value}" for name, value in settings.items()]
        return [*account.prefix(STOP), self.binaries.program("postgres"), "-D", str(self.folder), *flags]


def dsn(sockets: Path, role: str, password: str, database: str = DATABASE) -> str:
    return f"postgresql://{role}:{quote(password, safe='')}@/{database}?host={quote(str(sockets))}"


def major_of(folder: Path) -> int | None:
    """The PostgreSQL version that made the files in `folder`; None when there are none."""
    try:
        return int((folder / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def prepare(cluster: Cluster) -> None:
    """Make the cluster when it is absent, and mend what a killed server left behind; writes no table."""
    make_socket_folder(cluster.wanted_sockets)
    if major_of(cluster.folder) is None:
        _create(cluster)
    clear_leftovers(cluster)
    if not _has_roles(cluster):
        _set_roles(cluster, cluster.folder)


def _create(cluster: Cluster) -> None:
    draft = cluster.folder.with_name(f"{cluster.folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.parent.mkdir(parents=True, exist_ok=True)
    careless = cluster.settings.get("fsync") == "off"
    _run(
        [
            cluster.binaries.program("initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth=reject",
            "--no-sync" if careless else "--data-checksums",
        ]
    )
    (draft / "pg_hba.conf").write_text("local all all scram-sha-256\n")
    _set_roles(cluster, draft)
    # Rights on what PostgreSQL brings along are copied from the template, so they are set before.
    _single_user(cluster, draft, [_LOCKS, f"create database {DATABASE} owner {OWNER}"])
    draft.rename(cluster.folder)


def _has_roles(cluster: Cluster) -> bool:
    marker = cluster.folder / _MARKER
    return marker.exists() and marker.read_text() == _roles_digest(cluster)


def _roles_digest(cluster: Cluster) -> str:
    return hashlib.sha256(f"{cluster.passwords.digest} {dict(_RIGHTS)} {_GRANT}".encode()).hexdigest()


def _set_roles(cluster: Cluster, folder: Path) -> None:
    """Also how a lost password file heals: the roles get new passwords at the next start."""
    statements = [f"alter role {SUPERUSER} password '{verifier(cluster.passwords[SUPERUSER])}'"]
    for role, rights in _RIGHTS.items():
        known = f"exists (select from pg_roles where rolname = '{role}')"
        statements.append(f"do $$ begin if not {known} then create role {role}; end if; end $$")
        statements.append(f"alter role {role} {rights} password '{verifier(cluster.passwords[role])}'")
    if cluster.binaries.major >= _GRANT_SINCE:
        statements += [_GRANT.format(role=role) for role in (GATEWAY, WORKER)]
    _single_user(cluster, folder, statements)
    (folder / _MARKER).write_text(_roles_digest(cluster))


def _single_user(cluster: Cluster, folder: Path, statements: Sequence[str]) -> None:
    """Run one statement a line in a server that nobody can connect to."""
    fsync = cluster.settings.get("fsync", "on")
    command = [cluster.binaries.program("postgres"), "--single", "-D", str(folder), "-c", f"fsync={fsync}", "template1"]
    said = _run_alone(command, "".join(f"{statement}\n" for statement in statements))
    if "ERROR:" in said:  # single-user mode exits with 0 all the same
        raise ClusterError(f"PostgreSQL refused to prepare {folder}:\n{said}")


def _run_alone(command: Sequence[str], statements: str) -> str:
    """Once the processes of a killed server have noticed that it is gone, which takes a busy machine a moment."""
    until = time.monotonic() + _ORPHANS_S
    while True:
        try:
            return _run(command, statements)
        except ClusterError as error:
            if _ORPHANS not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.1)


def _run(command: Sequence[str], statements: str | None = None) -> str:
    # The C locale keeps the words ERROR and FATAL in English.
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [*account.prefix(), *command],
        input=statements,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        cwd="/",
        check=False,
    )
    if done.returncode != 0:
        raise ClusterError(f"{Path(command[0]).name} failed with {done.returncode}:\n{done.stdout}")
    return done.stdout


def is_ready(cluster: Cluster, process_id: int) -> bool:
    """Whether the server `process_id` accepts connections, by its own word."""
    lines = _lock_lines(cluster.folder)
    return lines[:1] == [str(process_id)] and lines[_STATUS_LINE:] == ["ready"]


def clear_leftovers(cluster: Cluster) -> None:
    """Stop a server that still runs here without us, and disown the lock of a killed one whose id was given anew.

    PostgreSQL believes a lock file when any process of its user has that id, which a restarted machine makes likely.
    """
    holder = _lock_holder(cluster.folder)
    if holder is None or not Path(f"/proc/{holder}").exists():
        return  # PostgreSQL clears the lock of a dead process itself
    if running_server(cluster.folder) is not None:
        _stop(holder)
        return
    # The file stays, for it also names the shared memory that must be free. A server takes its parent's id for stale.
    lock = cluster.folder / "postmaster.pid"
    lock.write_text("\n".join([str(os.getpid()), *lock.read_text().split("\n")[1:]]))
    (cluster.sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)


def running_server(folder: Path) -> int | None:
    """The process id of the server that has its files in `folder`; another program with that id is not taken for it."""
    holder = _lock_holder(folder)
    try:
        words = Path(f"/proc/{holder}/cmdline").read_text().split("\0")
        return holder if Path(words[words.index("-D") + 1]).samefile(folder) else None
    except (OSError, ValueError):
        return None


def _lock_holder(folder: Path) -> int | None:
    lines = _lock_lines(folder)
    return int(lines[0]) if lines and lines[0].isdigit() else None


def _stop(process_id: int, grace: float = 20) -> None:
    descriptor = os.pidfd_open(process_id)
    try:
        for ask in (STOP, DROP, signal.SIGKILL):
            signal.pidfd_send_signal(descriptor, ask)
            if _ended(descriptor, grace):
                return
    except ProcessLookupError:
        return
    finally:
        os.close(descriptor)


def _ended(descriptor: int, grace: float) -> bool:
    return bool(select.select([descriptor], [], [], grace)[0])


def _lock_lines(folder: Path) -> list[str]:
    try:
        return [line.strip() for line in (folder / "postmaster.pid").read_text().splitlines()]
    except FileNotFoundError:
        return []
