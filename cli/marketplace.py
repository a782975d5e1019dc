"""The parts of our marketplace in dependency order: how each is started and when it is ready; starts none."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from adapters.postgres import STOP, is_ready, prepare
from cli.parts import Part, Port, Process, Step, file_exists, http_ok
from wiring.databases import own_cluster
from wiring.settings import Profile, Settings

_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
OPA_BUNDLES = ("authz", "rules", "machines")
OPA_FLAGS = (
    "--unix-socket-perm=660",
    "--authorization=basic",
    "--optimize-store-for-read-speed",
    "--skip-version-check",
    "--log-level=error",
)


def parts(settings: Settings, opa: Path) -> tuple[Part, ...]:
    return (*_payments(settings), *_database(settings), *_policy(settings, opa), *_ours(settings))


def _database(settings: Settings) -> Iterator[Part]:
    if settings.database_url is None:
        yield postgres(settings)
        yield Step("migrate", portcullis("migrate"), needs=("postgres",))
    else:
        yield Step("roles", portcullis("roles"))
        yield Step("migrate", portcullis("migrate"), needs=("roles",))
    paid = tuple(part.name for part in _payments(settings))  # the seed's orders are authorized like any other
    yield Step("seed", portcullis("seed"), needs=("migrate", *paid))


def postgres(settings: Settings) -> Process:
    cluster = own_cluster(settings)

    async def ready(process_id: int) -> bool:
        return is_ready(cluster, process_id)

    return Process(
        "postgres",
        tuple(cluster.command()),
        ready,
        before=partial(prepare, cluster),
        ask=STOP,
        grace=20,
    )


def ports(settings: Settings) -> Iterator[tuple[str, Port]]:
    """Who listens where; the sandbox only when the payment provider is on this machine."""
    yield "gateway", Port(settings.host, settings.port, "PORTCULLIS_PORT")
    where = urlsplit(settings.payments_url)
    if settings.profile is not Profile.PRODUCTION and where.hostname in _THIS_MACHINE:
        yield "payments", Port(where.hostname, where.port or 80, "PORTCULLIS_PAYMENTS_URL")


def _payments(settings: Settings) -> Iterator[Part]:
    port = dict(ports(settings)).get("payments")
    if port is not None:
        command = (sys.executable, "-m", "adapters.payments.sandbox")
        yield Process("payments", command, http_ok(settings.payments_url, "/healthz"), port=port)


def _policy(settings: Settings, opa: Path) -> Iterator[Part]:
    room = settings.home / "opa"
    address = f"unix://{settings.opa_socket}"
    bundles = (str(room / name) for name in OPA_BUNDLES)
    yield Step("bundles", portcullis("policy", "bundle"), needs=("seed",))
    yield Process(
        "opa",
        (
            *(str(opa), "run", "--server", f"--addr={address}", f"--config-file={room / 'opa.yaml'}"),
            *OPA_FLAGS,
            *("--bundle", *bundles),
        ),
        http_ok(f"unix:{settings.opa_socket}", "/health"),
        needs=("bundles",),
        environment={"GOGC": "400"},
    )


def _ours(settings: Settings) -> Iterator[Part]:
    yield Process(
        "gateway",
        portcullis("serve", "--when-told"),
        http_ok(settings.url, "/readyz"),
        needs=("seed", "opa"),
        port=dict(ports(settings))["gateway"],
        early=True,
    )
    alive = settings.run_folder / "worker.ready"
    yield Process(
        "worker",
        portcullis("work", "--when-told"),
        file_exists(alive),
        needs=("seed", "opa"),
        before=partial(alive.unlink, missing_ok=True),
        early=True,
    )


def portcullis(*words: str) -> tuple[str, ...]:
    """Our own command line, from the same environment as this process."""
    return (str(Path(sys.executable).with_name("portcullis")), *words)
