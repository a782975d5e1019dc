"""The gateway process: opens the world, serves until told to end, closes the world; its parts are made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from joserfc.jwk import ECKey

import schema
from adapters.telemetry import Figures, catch_library_logs, logger
from adapters.tokens import DevelopmentIssuer, published_keys
from domain.page import Cursors
from domain.ports import Ports
from gateway.app import Parts, create_app
from gateway.measured import measured
from gateway.server import server
from resolvers.context import World, open_context
from resolvers.global_id import GlobalIds
from schema.schema import SCHEMA
from wiring.runtime import Runtime, open_runtime
from wiring.safety import UnsafeError
from wiring.settings import Profile, Settings

SDL = Path(schema.__file__).with_name("schema.graphql")


async def serve(settings: Settings) -> None:
    """Returns after the signal to end, when running requests are answered."""
    catch_library_logs("gateway")
    async with open_runtime(settings, "gateway") as runtime:
        assert_verifying(settings)
        parts = parts_of(runtime)
        parts.log.info("started", port=settings.port, profile=str(settings.profile))
        await server(create_app(parts), settings.host, settings.port).serve()
        parts.log.info("stopped")


def assert_verifying(settings: Settings) -> None:
    """Raises `UnsafeError` where production could verify no token."""
    if settings.profile is Profile.PRODUCTION and not _keys(settings, None):
        raise UnsafeError(f"There are no keys of the issuer: put its JWKS into {settings.home / 'keys'}.")


def parts_of(runtime: Runtime) -> Parts:
    settings, figures = runtime.settings, Figures()
    ports = measured(runtime.ports, figures)
    development = development_issuer(settings)
    pool = runtime.pool
    figures.watch(
        "portcullis_database_connections",
        "Connections of the pool.",
        lambda: {"open": pool.get_size(), "idle": pool.get_idle_size(), "most": pool.get_max_size()},
    )
    return Parts(
        schema=SCHEMA,
        sdl=SDL,
        open_context=partial(open_context, world_of(runtime, ports)),
        pool=pool,
        ports=ports,
        keys=_keys(settings, development),
        issuer=settings.issuer,
        audience=settings.audience,
        deadline_s=settings.operation_deadline_ms / 1000,
        figures=figures,
        log=logger("gateway"),
        development=development,
    )


def world_of(runtime: Runtime, ports: Ports) -> World:
    key = runtime.settings.cursor_key.get_secret_value().encode()
    return World(
        pool=runtime.pool,
        ports=ports,
        cipher=runtime.vault,
        cells=runtime.cells,
        ids=GlobalIds(key),
        cursors=Cursors(key),
        database_wait_s=runtime.settings.database_wait_ms / 1000,
    )


def development_issuer(settings: Settings) -> DevelopmentIssuer | None:
    """None in production, which has no logins without a password."""
    if settings.profile is Profile.PRODUCTION:
        return None
    return DevelopmentIssuer(settings.home / "keys", settings.issuer, settings.audience)


def _keys(settings: Settings, development: DevelopmentIssuer | None) -> Mapping[str, ECKey]:
    return development.keys() if development else published_keys(settings.home / "keys")
