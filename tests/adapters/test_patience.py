"""The deadline of a call: silence ends it, our own lag does not."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest

from adapters.patience import patience


async def test_silence_ends_the_call() -> None:
    with pytest.raises(TimeoutError):
        async with patience(0.02):
            await asyncio.Event().wait()


async def test_an_answer_that_waited_for_a_busy_loop_is_heard() -> None:
    """The answer arrives while the loop is blocked for far longer than the deadline."""
    read, write = await asyncio.open_connection(sock=_answering())
    async with patience(0.02):
        asyncio.get_running_loop().call_soon(time.sleep, 0.2)
        assert await read.readexactly(2) == b"ok"
    write.close()
    await write.wait_closed()


async def test_being_cancelled_from_outside_stays_so() -> None:
    async def waiting() -> None:
        async with patience(60):
            await asyncio.Event().wait()

    task = asyncio.create_task(waiting())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def _answering() -> socket.socket:
    """Our end of a pair whose other end answers in 0.1 s, from a thread of its own."""
    ours, theirs = socket.socketpair()

    def answer() -> None:
        theirs.sendall(b"ok")
        theirs.close()

    threading.Timer(0.1, answer).start()
    return ours
