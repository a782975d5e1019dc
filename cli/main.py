"""The `portcullis` command: names every command and imports only the one that is called."""

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from types import MappingProxyType

import typer

# Command -> what `portcullis --help` says. Command `x` lives in cli/x.py, which offers either a function `command`
# or, when it has sub-commands, an `app: typer.Typer`. A command whose module does not exist yet is not listed.
COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "run": "Start the whole marketplace in the foreground.",
        "serve": "Run the gateway.",
        "work": "Run the worker.",
        "migrate": "Bring the database to the newest schema.",
        "seed": "Fill an empty marketplace with the demo.",
        "token": "Print a bearer token for a development login.",
        "roles": "Make the login roles of gateway and worker in an external database.",
        "dsn": "Print how to reach the database.",
        "verify": "Run every invariant on the database.",
        "race": "Let many buyers want the same unit at once.",
        "policy": "Check, test and bundle the policies.",
        "import": "Load a real catalog from a CSV file.",
        "export": "Print the catalog as CSV.",
        "derive": "Generate what is generated from the machines.",
        "bench": "Measure against the two floors.",
        "prove": "Run the long proofs.",
        "settings": "List every setting with its value.",
        "tools": "Fetch or build the pinned tools.",
        "doctor": "Explain a broken set-up.",
    }
)
# Errors whose message is all that a reader needs; every other one is a bug and keeps its traceback.
EXPLAINED = frozenset(
    {
        "adapters.postgres.account.AccountError",
        "adapters.postgres.binaries.PostgresMissingError",
        "adapters.postgres.cluster.ClusterError",
        "adapters.postgres.roles.RolesError",
        "adapters.sockets.SocketFolderError",
        "adapters.tools.ToolError",
        "cli.bench.market.MarketError",
        "cli.bundles.RevisionError",
        "cli.leftovers.OccupiedError",
        "cli.revision.RevisionError",
        "cli.supervisor.StartError",
        "db.migrations.DraftDatabaseError",
        "wiring.settings.SettingsError",
    }
)
_KEYWORDS = {"import": "cli.import_"}


def app() -> None:
    """The entry point of the distribution."""
    called = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    try:
        build(called)()
    except Exception as error:
        said = _explained(error)
        if said is None:
            raise
        sys.stderr.write(f"portcullis: {said}\n")
        sys.exit(1)


def _explained(error: Exception) -> str | None:
    """All that a reader needs of an error that people can mend; None for a bug."""
    if f"{type(error).__module__}.{type(error).__qualname__}" in EXPLAINED:
        return str(error)
    from db.outages import is_outage

    of_a_socket = isinstance(error, ConnectionError | TimeoutError | FileNotFoundError) and error.filename is None
    if isinstance(error, OSError) and not of_a_socket:
        return None
    return f"the database cannot be reached ({error}); is the marketplace running?" if is_outage(error) else None


def build(called: str | None) -> typer.Typer:
    """The command line with one command loaded; of the others only name and description are known."""
    line = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    line.callback()(portcullis)
    for name, says in COMMANDS.items():
        if importlib.util.find_spec(module_of(name)) is None:
            continue
        if name == called:
            _mount(line, name, says)
        else:
            line.command(name, help=says)(portcullis)
    return line


def module_of(name: str) -> str:
    return _KEYWORDS.get(name, f"cli.{name}")


def _mount(line: typer.Typer, name: str, says: str) -> None:
    module = importlib.import_module(module_of(name))
    if hasattr(module, "app"):
        line.add_typer(module.app, name=name, help=says)
    else:
        line.command(name)(module.command)


def portcullis() -> None:
    """A GraphQL gateway for B2B service marketplaces; every change is decided by policy and proven by the database."""
