"""`portcullis seed`: fills a marketplace that is not open yet with the demo, and opens it with the last write."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    import asyncpg

    from cli.bootstrap import Bootstrap
    from domain.effects import Effect
    from wiring.settings import Settings

SERVICES_A_SET = 20


def command() -> None:
    """Fill an empty marketplace with the demo; an open one is left as it is. Safe to repeat after a crash."""
    from wiring.settings import Settings

    typer.echo(asyncio.run(seed(Settings())))


async def seed(settings: Settings) -> str:
    """What was done, in a sentence."""
    from cli.revision import installed

    async with bootstrapping(settings) as (bootstrap, opened):
        if opened:
            number = await installed(settings, bootstrap)
            changed = f" The rules have changed: revision {number} is active." if number else ""
            return f"The marketplace is open already; nothing was seeded.{changed}"
        with progress() as show:
            await populate(settings, bootstrap, show)
        await bootstrap.connection.execute(
            "update marketplace set opened_at = clock_timestamp() where opened_at is null"
        )
        return f"Seeded {bootstrap.written} sets of rows; the marketplace is open."


@asynccontextmanager
async def bootstrapping(settings: Settings) -> AsyncIterator[tuple[Bootstrap, bool]]:
    """A writer of first rows, alone in this database, and whether the marketplace is open already."""
    from adapters.vault import Vault
    from cli.bootstrap import Bootstrap, connect
    from cli.seed_people import platform

    connection = await connect(settings)
    try:
        await connection.execute("select pg_advisory_lock(hashtext('portcullis seed'))")
        await connection.execute("insert into marketplace (platform) values ($1) on conflict do nothing", platform())
        bootstrap = Bootstrap(connection, Vault(settings.vault_key.get_secret_value()), platform())
        await bootstrap.begin()
        yield bootstrap, await is_open(connection)
    finally:
        await connection.close()


async def is_open(connection: asyncpg.Connection) -> bool:
    opened: bool = await connection.fetchval("select opened_at is not null from marketplace")
    return opened


async def populate(settings: Settings, bootstrap: Bootstrap, show: Any) -> None:
    """Everything of the demo, in sets that are each written whole or not at all."""
    from cli import seed_orders

    await foundation(settings, bootstrap)
    for name, effects in show(list(catalog())):
        await bootstrap.write(name, effects)
    await seed_orders.place_orders(settings, bootstrap)


async def foundation(settings: Settings, bootstrap: Bootstrap) -> None:
    """What every other row stands on: settings, revision 1, organizations, vendors and people."""
    from cli import seed_people, seed_settings

    await bootstrap.write("organizations", list(seed_people.organizations()))
    await bootstrap.write("settings", list(seed_settings.settings(settings.issuer)))
    await bootstrap.write("revision", list(seed_settings.revision()))
    await bootstrap.write("people", list(seed_people.people(settings.issuer)))


def catalog() -> Iterator[tuple[str, list[Effect]]]:
    """Services in sets of one transaction each."""
    from cli import seed_catalog

    services = list(seed_catalog.services())
    for start in range(0, len(services), SERVICES_A_SET):
        several = services[start : start + SERVICES_A_SET]
        yield f"catalog:{start}", [effect for one in several for effect in seed_catalog.service(one)]


@contextmanager
def progress() -> Iterator[Any]:
    """A bar on a terminal, silence elsewhere: `show(steps)` goes through them."""
    from rich.progress import Progress

    with Progress(disable=not sys.stderr.isatty(), transient=True) as bar:
        yield lambda steps: bar.track(steps, description="seeding")
