"""The connections to the engine: an answer is never taken for another question's, whatever comes down the line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.opa.wire import Raw, Session, UnusableError

ASKED = {"input": Raw("{}")}
URL = "http://opa/v1/data/policies/main/decide"


def answer(body: str, status: int = 200) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()


@asynccontextmanager
async def engine(folder: Path, first: bytes) -> AsyncIterator[Session]:
    """Says `first` to the first question, and to every later one its number."""
    asked = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        try:
            while True:
                await reader.readuntil(b'{"input":{}}')
                asked += 1
                writer.write(first if asked == 1 else answer(str(asked)))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_unix_server(serve, str(folder / "s"))
    session = Session(folder / "s")
    try:
        yield session
    finally:
        await session.close()
        server.close()


@pytest.mark.parametrize("more", [answer("666"), answer("666")[:-2], b"H"], ids=["whole", "half", "one byte"])
async def test_what_comes_behind_an_answer_is_nobodys(tmp_path: Path, more: bytes) -> None:
    """The first is answered, and the next question goes down another line."""
    async with engine(tmp_path, answer("1") + more) as session:
        assert [await (await session.request("POST", URL, json=ASKED)).json() for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("status", [100, 102])
async def test_an_answer_to_come_is_no_answer(tmp_path: Path, status: int) -> None:
    async with engine(tmp_path, f"HTTP/1.1 {status} X\r\n\r\n".encode() + answer("1")) as session:
        with pytest.raises(UnusableError):
            await session.request("POST", URL, json=ASKED)
        assert await (await session.request("POST", URL, json=ASKED)).json() == 2


async def test_who_gave_up_leaves_no_answer_behind(tmp_path: Path) -> None:
    async with engine(tmp_path, b"") as session:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(session.request("POST", URL, json=ASKED), 0.05)
        assert await (await session.request("POST", URL, json=ASKED)).json() == 2
