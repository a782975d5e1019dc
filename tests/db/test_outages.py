"""Which errors of the driver are an outage and which a bug."""

from __future__ import annotations

import asyncpg
import pytest

from db.outages import is_outage


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.CannotConnectNowError(),
        asyncpg.AdminShutdownError(),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cannot switch to state 15; another operation (2) is in progress"),
    ],
)
def test_a_broken_connection_is_an_outage(error: Exception) -> None:
    """Whatever the driver calls it, also where it lost count in the middle of an answer."""
    assert is_outage(error)


@pytest.mark.parametrize("error", [ValueError("argument"), asyncpg.UniqueViolationError(), KeyError("name")])
def test_anything_else_is_a_bug(error: Exception) -> None:
    """It is masked and logged, never told as a passing trouble."""
    assert not is_outage(error)
