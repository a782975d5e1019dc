"""`portcullis run`: the whole marketplace under one supervisor, in the foreground."""

import asyncio
import contextlib
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wiring.settings import Settings

# One login per role of the demo marketplace, shown when it is ready.
LOGINS = (
    ("buyer", "buyer@acme.example"),
    ("buyer_approver", "approver@acme.example"),
    ("organization_admin", "admin@acme.example"),
    ("vendor_manager", "manager@voltworks.example"),
    ("fulfillment_agent", "fulfillment@voltworks.example"),
    ("service_manager", "service@platform.example"),
    ("finance", "finance@platform.example"),
    ("support", "support@platform.example"),
    ("auditor", "auditor@platform.example"),
    ("operator", "operator@platform.example"),
    ("compliance_author", "author@platform.example"),
    ("compliance_approver", "compliance@platform.example"),
)


def command(
    with_parent: Annotated[
        bool, typer.Option("--with-parent", help="End when the process that started this one ends.")
    ] = False,
) -> None:
    """Start PostgreSQL, OPA, the payment sandbox, gateway and worker; restart what dies; Ctrl-C stops all."""
    from adapters.processes import die_with_parent_now
    from wiring.settings import Settings

    if with_parent:
        die_with_parent_now(signal.SIGTERM)
    start(Settings())


def start(settings: "Settings") -> None:
    from adapters import tools
    from adapters.sockets import make_socket_folder
    from cli import leftovers, marketplace, supervisor

    make_home(settings.home)
    make_socket_folder(settings.run_folder)
    with leftovers.only_one(settings.home, settings.url):
        opa = tools.ensure(tools.OPA, settings.tools)
        parts = marketplace.parts(settings, opa)
        for ended in leftovers.end_leftovers(parts, settings.home):
            supervisor.say(f"ended {ended}, left by a killed run")
        leftovers.assert_ports_free(parts)
        kept = supervisor.Supervisor(parts, home=settings.home, announce=lambda: announce(settings), say=supervisor.say)
        asyncio.run(kept.run())


def make_home(home: Path) -> None:
    """The home is private: it holds keys, passwords and people's data."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("run", "logs", "keys", "opa"):
        (home / name).mkdir(mode=0o700, exist_ok=True)


def loaded_revision(settings: "Settings") -> str:
    """What the rules that OPA was given are called."""
    import json

    manifest = settings.home / "opa" / "rules" / ".manifest"
    return str(json.loads(manifest.read_text(encoding="utf-8"))["revision"])


def announce(settings: "Settings") -> None:
    from wiring.settings import Profile

    lines = [
        f"portcullis ready {settings.url}",
        f"  GraphQL   {settings.url}/graphql",
        f"  schema    {settings.url}/schema.graphql",
        f"  health    {settings.url}/readyz",
        f"  metrics   {settings.url}/metrics",
        f"  payments  {settings.payments_url}",
        f"  policy    revision {loaded_revision(settings)}",
        '  database  psql "$(.venv/bin/portcullis dsn)"',
        f"  logs      {settings.logs_folder}",
    ]
    if settings.profile is not Profile.PRODUCTION:
        lines += [
            f"  GraphiQL  {settings.url}/graphiql",
            "  One login per role (.venv/bin/portcullis token LOGIN prints a bearer token):",
            *(f"    {role:<20}{login}" for role, login in LOGINS),
        ]
    with contextlib.suppress(BrokenPipeError):
        typer.echo("\n".join(lines))
