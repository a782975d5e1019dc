"""Find, make and launch PostgreSQL; knows no table of ours and holds no connection.

A throw-away server for tests (fsync off; PostgreSQL 15 to 18):

    from adapters.postgres import throwaway

    with throwaway(folder, "auto") as server:   # or "system", "embedded", a path
        server.owner_dsn        # portcullis_owner: owns database `portcullis`, may create databases and roles
        server.gateway_dsn      # portcullis_gateway: the application role; no superuser, no BYPASSRLS
        server.worker_dsn       # portcullis_worker: the same rights to begin with
        server.superuser_dsn    # postgres
        server.dsn("portcullis_gateway", "another_database")

`start_throwaway(folder, choice)` and `server.stop()` do the same without a `with`. Each DSN works for asyncpg, for
psql, and for SQLAlchemy as `postgresql+asyncpg://…`. The server ends with the thread that started it, even by kill -9.
"""

from adapters.postgres.binaries import Binaries, PostgresMissingError, find
from adapters.postgres.cluster import STOP, Cluster, ClusterError, is_ready, prepare
from adapters.postgres.passwords import GATEWAY, OWNER, SUPERUSER, WORKER, Passwords
from adapters.postgres.throwaway import Throwaway, start_throwaway, throwaway

__all__ = [
    "GATEWAY",
    "OWNER",
    "STOP",
    "SUPERUSER",
    "WORKER",
    "Binaries",
    "Cluster",
    "ClusterError",
    "Passwords",
    "PostgresMissingError",
    "Throwaway",
    "find",
    "is_ready",
    "prepare",
    "start_throwaway",
    "throwaway",
]
