"""A burst of questions: as many at once as the row says, and nobody's time runs out while it waits for its turn."""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.breaker import BreakerLimits
from adapters.opa.client import OpaClient
from adapters.opa.row import PolicyRow
from domain.ports import PolicyFault
from tests.adapters.opa.test_faults import question

AT_ONCE, WORKS_S = 4, 0.1
ROW = PolicyRow(deadline=1.0, batch_deadline=1.0, connections=AT_ONCE, breaker=BreakerLimits(1_000, 0.5))
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Slow:
    """An engine that works on each question for a while, and counts how many it has."""

    def __init__(self) -> None:
        self.now = self.most = 0

    async def serve(self, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        while head := await read.readuntil(b"\r\n\r\n") if not read.at_eof() else b"":
            length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
            await read.readexactly(length)
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(WORKS_S)  # the work itself
            self.now -= 1
            write.write(ANSWER)
            await write.drain()


async def test_a_burst_waits_for_its_turn_and_not_for_its_deadline(tmp_path: Path) -> None:
    """Twelve times as many as there are turns: together they take longer than any of them may."""
    slow = Slow()
    async with (
        await asyncio.start_unix_server(slow.serve, tmp_path / "opa.sock"),
        OpaClient(tmp_path / "opa.sock", ROW) as client,
    ):
        answers = await asyncio.gather(*(client.decide(question()) for _ in range(12 * AT_ONCE)))
    assert slow.most == AT_ONCE
    assert [answer.silent for answer in answers if isinstance(answer, PolicyFault)] == [False] * len(answers)
