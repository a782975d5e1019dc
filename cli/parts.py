"""What a supervised marketplace consists of, as data: long-lived processes, and steps that run once and end."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

# Asked again and again until it says yes; gets the id of the process that was started.
Probe = Callable[[int], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Port:
    """A port that must be free before anything starts, and the setting that moves it."""

    host: str
    number: int
    setting: str


@dataclass(frozen=True, slots=True)
class Process:
    name: str
    command: tuple[str, ...]
    ready: Probe
    needs: tuple[str, ...] = ()
    before: Callable[[], None] | None = None  # runs before each start, in a thread
    environment: Mapping[str, str] = field(default_factory=dict)
    port: Port | None = None
    ask: signal.Signals = signal.SIGTERM
    grace: float = 10
    deadline: float = 60
    early: bool = False  # starts before what it needs is ready, loads, and waits for a line on its standard input


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    command: tuple[str, ...]
    needs: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    ask: signal.Signals = signal.SIGTERM
    grace: float = 10
    deadline: float = 300


Part = Process | Step


def http_ok(url: str, path: str) -> Probe:
    """Ready when GET `path` answers 200; `url` is http://host:port or unix:/path/of/socket."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    parts = urlsplit(url)

    async def ask(_: int) -> bool:
        try:
            async with asyncio.timeout(5):
                if parts.scheme == "unix":
                    reader, writer = await asyncio.open_unix_connection(parts.path)
                else:
                    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
                with contextlib.closing(writer):
                    writer.write(request)
                    status = await reader.readline()
        except (OSError, TimeoutError):
            return False
        return status.split()[1:2] == [b"200"]

    return ask


def file_exists(file: Path) -> Probe:
    """Ready when the process has made `file`; its `before` must remove an older one."""

    async def ask(_: int) -> bool:
        return file.exists()  # noqa: ASYNC240 -- a local look, in microseconds

    return ask
