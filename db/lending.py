"""asyncpg's pool, where a connection in order goes straight to the next borrower; asyncpg looks after all others."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import Any

import asyncpg


class Pool(asyncpg.Pool):  # type: ignore[misc]  # the library has no types
    """Lends like its parent, at a third of the work: a parent's borrower costs a task, two futures and a proxy.

    Whatever did not go well (an error, a cancelled statement, an open transaction, a lost connection) is given back to
    the parent, which cleans up or connects anew.
    """

    def __init__(self, *address: Any, **given: Any) -> None:
        super().__init__(*address, **given)
        self._most: int = given["max_size"]
        self._lent = 0  # by the parent, to a borrower or to `_free`
        self._free: list[Any] = []
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._ending = False

    def acquire(self, *, timeout: float | None = None) -> Any:
        """As of the parent: to be awaited, or entered. Raises `TimeoutError`."""
        return _Loan(self, timeout)

    async def take(self, wait_s: float | None = None) -> Any:
        """A connection, to be handed on or released. Raises `TimeoutError`."""
        while True:
            if self._ending:
                self._wake()  # what woke us was meant for whoever closes
                raise asyncpg.InterfaceError("pool is closing")
            while self._free:
                connection = self._free.pop()
                if is_in_order(connection):
                    return connection
                await self.release(connection)
            if self._lent < self._most:
                return await self._taken_anew(wait_s)
            connection = await self._waited_for(wait_s)
            if connection is not None:
                return connection

    def hand_on(self, connection: Any) -> None:
        """Give back what is in order: to whoever waits, else until somebody comes."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        self._free.append(connection)

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 -- the parent's
        """Give back what may not be in order."""
        try:
            await super().release(connection, timeout=timeout)
        finally:
            self._lent -= 1
            self._wake()

    async def close(self) -> None:
        """Wait until everything was given back."""
        self._ending = True
        while self._lent:
            connection = self._free.pop() if self._free else await self._waited_for(None)
            if connection is not None:
                await self.release(connection)
        await super().close()

    def get_idle_size(self) -> int:
        return len(self._free) + int(super().get_idle_size())

    async def _taken_anew(self, wait_s: float | None) -> Any:
        self._lent += 1
        try:
            return await super().acquire(timeout=wait_s)
        except BaseException:
            self._lent -= 1
            self._wake()
            raise

    async def _waited_for(self, wait_s: float | None) -> Any:
        """What somebody hands on; None when there is room for one more."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Any] = loop.create_future()
        self._waiting.append(waiter)
        patience = None if wait_s is None else loop.call_later(wait_s, _give_up, waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:  # it came in this very turn
                self._passed_on(waiter.result())
            raise
        finally:
            if patience is not None:
                patience.cancel()

    def _passed_on(self, connection: Any) -> None:
        if connection is None:
            self._wake()
        else:
            self.hand_on(connection)

    def _wake(self) -> None:
        """There is room for one more: let the first who waits ask the parent."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return


class _Loan:
    """One borrowing: what is left by an exception is not handed on."""

    __slots__ = ("_connection", "_pool", "_timeout")

    def __init__(self, pool: Pool, timeout: float | None) -> None:
        self._pool = pool
        self._timeout = timeout

    def __await__(self) -> Any:
        return self._pool.take(self._timeout).__await__()

    async def __aenter__(self) -> Any:
        self._connection = await self._pool.take(self._timeout)
        return self._connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and is_in_order(self._connection):
            self._pool.hand_on(self._connection)
        else:
            await self._pool.release(self._connection)


def _give_up(waiter: asyncio.Future[Any]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())


def is_in_order(connection: Any) -> bool:
    """Whether the next borrower may have it as it is."""
    try:
        return not (connection.is_closed() or connection.is_in_transaction())
    except asyncpg.InterfaceError:  # it broke, and the parent has taken it back already
        return False
