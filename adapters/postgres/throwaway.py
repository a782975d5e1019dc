"""A PostgreSQL server of one's own for tests and trials, which forgets everything; never for data worth keeping."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters import processes
from adapters.postgres import binaries as found
from adapters.postgres.cluster import CARELESS, DATABASE, DROP, STOP, Cluster, ClusterError, is_ready, prepare
from adapters.postgres.passwords import GATEWAY, OWNER, SUPERUSER, WORKER, keep


@dataclass(frozen=True, slots=True)
class Throwaway:
    cluster: Cluster
    process: subprocess.Popen[bytes]
    log: Path

    def dsn(self, role: str, database: str = DATABASE) -> str:
        return self.cluster.dsn(role, database)

    @property
    def superuser_dsn(self) -> str:
        return self.dsn(SUPERUSER)

    @property
    def owner_dsn(self) -> str:
        return self.dsn(OWNER)

    @property
    def gateway_dsn(self) -> str:
        return self.dsn(GATEWAY)

    @property
    def worker_dsn(self) -> str:
        return self.dsn(WORKER)

    def stop(self) -> None:
        """Drop all connections, end the server and remove its files."""
        processes.end(self.process, DROP, grace=10)
        shutil.rmtree(self.cluster.folder, ignore_errors=True)


@contextmanager
def throwaway(folder: Path, choice: str = "auto") -> Iterator[Throwaway]:
    server = start_throwaway(folder, choice)
    try:
        yield server
    finally:
        server.stop()


def start_throwaway(folder: Path, choice: str = "auto", deadline: float = 60) -> Throwaway:
    """Make a cluster in `folder` (which may be new) and start it. The caller's thread must outlive it."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(
        folder=folder / "postgres",
        wanted_sockets=folder / "run",
        binaries=found.find(choice),
        passwords=keep(folder / "passwords.json"),
        settings=CARELESS,
    )
    prepare(cluster)
    log = folder / "postgres.log"
    with log.open("ab") as out:
        process = processes.start(cluster.command(), out, on_death=signal.Signals(STOP), folder=Path("/"))
    server = Throwaway(cluster, process, log)
    _await_ready(server, deadline)
    return server


def _await_ready(server: Throwaway, deadline: float, look_every: float = 0.02) -> None:
    for _ in range(int(deadline / look_every)):
        try:
            code = server.process.wait(look_every)
        except subprocess.TimeoutExpired:
            if is_ready(server.cluster, server.process.pid):
                return
        else:
            raise ClusterError(f"PostgreSQL ended with {code} at its start:\n{processes.tail(server.log)}")
    server.stop()
    raise ClusterError(f"PostgreSQL was not ready within {deadline:.0f} s:\n{processes.tail(server.log)}")
