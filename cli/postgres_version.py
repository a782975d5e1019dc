"""Starts the PostgreSQL that PORTCULLIS_POSTGRES names and prints its version(); fails where there is none."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import asyncpg

from adapters.postgres import PostgresMissingError, throwaway
from wiring.settings import Settings


async def version(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    try:
        return str(await connection.fetchval("select version()"))
    finally:
        await connection.close()


def main() -> int:
    try:
        with tempfile.TemporaryDirectory() as folder, throwaway(Path(folder, "home"), Settings().postgres) as server:
            sys.stdout.write(f"{asyncio.run(version(server.owner_dsn))}\n")
    except PostgresMissingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
