"""Which database the settings mean, for the owner and for each process; opens no connection."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import SecretStr

from adapters.postgres import GATEWAY, OWNER, WORKER, Binaries, Cluster, Passwords, find
from adapters.postgres.cluster import dsn, major_of
from adapters.postgres.passwords import keep
from adapters.sockets import socket_folder
from wiring.settings import Settings


@dataclass(frozen=True, slots=True, repr=False)
class DatabaseUrls:
    """Secrets, hence without a representation."""

    owner: str
    gateway: str
    worker: str


def passwords(settings: Settings) -> Passwords:
    return keep(settings.home / "postgres.passwords.json")


def cluster_folder(settings: Settings) -> Path:
    return settings.home / "postgres"


def own_binaries(settings: Settings) -> Binaries:
    return find(settings.postgres, major=major_of(cluster_folder(settings)))


def own_cluster(settings: Settings) -> Cluster:
    """Our own PostgreSQL, for settings without an external database."""
    return Cluster(
        folder=cluster_folder(settings),
        wanted_sockets=settings.run_folder,
        binaries=own_binaries(settings),
        passwords=passwords(settings),
    )


def database_urls(settings: Settings) -> DatabaseUrls:
    known = passwords(settings)
    if settings.database_url is None:
        sockets = socket_folder(settings.run_folder)
        owner, gateway, worker = (dsn(sockets, role, known[role]) for role in (OWNER, GATEWAY, WORKER))
        return DatabaseUrls(owner, gateway, worker)
    owner = settings.database_url.get_secret_value()
    return DatabaseUrls(
        owner=owner,
        gateway=_given(settings.gateway_database_url) or as_role(owner, GATEWAY, known[GATEWAY]),
        worker=_given(settings.worker_database_url) or as_role(owner, WORKER, known[WORKER]),
    )


def as_role(url: str, role: str, password: str) -> str:
    """The same database, entered as another role."""
    parts = urlsplit(url)
    address = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password, safe='')}@{address}"))


def _given(url: SecretStr | None) -> str | None:
    return None if url is None else url.get_secret_value()
