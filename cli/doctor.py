"""`portcullis doctor`: why this machine or these settings would not carry a marketplace, in sentences."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wiring.settings import Settings

_GIGABYTE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    about: str
    good: bool
    says: str


def command(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Look at ports, tools, PostgreSQL, the home and the disk, and say in sentences what is wrong."""
    from wiring.settings import Settings

    found = list(examine(Settings()))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in found], indent=1))
    else:
        for finding in found:
            typer.echo(f"{'ok ' if finding.good else 'BAD'} {finding.about}: {finding.says}")
    raise typer.Exit(0 if all(finding.good for finding in found) else 1)


def examine(settings: "Settings") -> Iterator[Finding]:
    yield _system()
    yield _folder("home", settings.home, "PORTCULLIS_HOME", room=_GIGABYTE // 2)
    yield _sockets(settings)
    yield _opa(settings)
    yield from _postgres(settings)
    yield from _running_or_free(settings)


def _system() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.platform != "linux":
        return Finding("system", False, f"{sys.platform} is not supported: the supervisor needs Linux.")
    return Finding("system", sys.version_info >= (3, 11), f"Linux with Python {version}; 3.11 or newer is needed.")


def _folder(about: str, folder: Path, variable: str, room: int) -> Finding:
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    try:
        tempfile.TemporaryFile(dir=there).close()
    except OSError as error:
        return Finding(about, False, f"{there} cannot be written ({error.strerror}): choose another with {variable}.")
    free = shutil.disk_usage(there).free
    says = f"{folder} can be written, {free / _GIGABYTE:.1f} GB free"
    if free < room:
        return Finding(about, False, f"{says}, but {room / _GIGABYTE:.1f} GB are needed: see {variable}.")
    return Finding(about, True, f"{says}.")


def _sockets(settings: "Settings") -> Finding:
    from adapters.sockets import socket_folder

    chosen = socket_folder(settings.run_folder)
    why = "" if chosen == settings.run_folder else ", because the home's path is too long for sockets"
    return Finding("sockets", True, f"in {chosen}{why}.")


def _opa(settings: "Settings") -> Finding:
    from adapters import tools

    found = tools.find(tools.OPA, settings.tools)
    if found is not None:
        return Finding("opa", True, f"{tools.OPA.version} at {found}.")
    space = _folder("opa", settings.tools, "PORTCULLIS_TOOLS", room=2 * _GIGABYTE)
    if not space.good:
        return Finding("opa", False, f"absent, and cannot be built: {space.says}")
    return Finding("opa", True, f"absent; `make tools` builds {tools.OPA.version} once, in 2 to 4 minutes.")


def _postgres(settings: "Settings") -> Iterator[Finding]:
    from adapters.postgres import PostgresMissingError
    from adapters.postgres.account import AccountError, prefix
    from wiring.databases import own_binaries

    if settings.database_url is not None:
        yield from _answering(settings)
        return
    try:
        yield Finding("postgres", True, f"{own_binaries(settings)}.")
    except PostgresMissingError as error:
        yield Finding("postgres", False, str(error))
    if os.geteuid() == 0:
        try:
            prefix()
            yield Finding("account", True, "PostgreSQL runs as the user postgres, because this is root.")
        except AccountError as error:
            yield Finding("account", False, str(error))


def _answering(settings: "Settings") -> Iterator[Finding]:
    """What a database that should run says of itself."""
    import asyncio

    import asyncpg

    from wiring.databases import database_urls
    from wiring.safety import careless_settings

    async def asked() -> tuple[str, list[str]]:
        connection = await asyncpg.connect(database_urls(settings).owner, timeout=5)
        try:
            return str(await connection.fetchval("show server_version")), await careless_settings(connection)
        finally:
            await connection.close()

    whose, name = ("our own", "It") if settings.database_url is None else ("external", "PORTCULLIS_DATABASE_URL")
    try:
        version, careless = asyncio.run(asked())
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        yield Finding("database", False, f"{name} does not answer: {error or type(error).__name__}")
        return
    yield Finding("database", True, f"{whose}, PostgreSQL {version}.")
    if careless:
        yield Finding("durability", False, f"{', '.join(careless)} off: a crash would lose what was acknowledged.")
    else:
        yield Finding("durability", True, "a crash loses nothing that was acknowledged.")


def _running_or_free(settings: "Settings") -> Iterator[Finding]:
    from cli import leftovers, marketplace

    running = leftovers.holder(settings.home)
    if running is not None:
        yield Finding("run", True, f"portcullis runs on this home: {running}.")
        if settings.database_url is None:
            yield from _answering(settings)
        return
    for about, port in marketplace.ports(settings):
        if leftovers.is_free(port):
            yield Finding(about, True, f"port {port.number} is free.")
        else:
            yield Finding(about, False, leftovers.occupied(about, port))
