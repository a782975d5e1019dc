"""Which exceptions mean that the database cannot be used right now; every other one is a bug."""

from __future__ import annotations

import asyncpg

from db.reader import DatabaseUnavailableError

_OUTAGES = (
    DatabaseUnavailableError,
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # of a connection that broke in the middle of an answer
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.LockNotAvailableError,
)


def is_outage(error: BaseException) -> bool:
    """A pool without a free connection raises `TimeoutError`, an `OSError`; a `ValueError` is a bad argument."""
    return isinstance(error, _OUTAGES) and not isinstance(error, ValueError)
