"""Choose a folder whose path is short enough for unix sockets; opens none."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

# The kernel keeps 108 bytes for a socket's path, one of them for the closing NUL.
LONGEST_PATH = 107
_SHORTEST = Path("/tmp")  # noqa: S108 -- the folder in it is private, else it is refused
_LONGEST_NAME = len("/.s.PGSQL.5432.lock")


class SocketFolderError(RuntimeError):
    """The short folder for sockets belongs to somebody else."""


def socket_folder(wanted: Path) -> Path:
    """`wanted` when sockets fit below it, else a private folder of its own under the system's temporary folder."""
    if _fits(wanted):
        return wanted
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    chosen = Path(tempfile.gettempdir()) / f"portcullis-{os.geteuid()}-{digest}"
    return chosen if _fits(chosen) else _SHORTEST / chosen.name


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) + _LONGEST_NAME <= LONGEST_PATH


def make_socket_folder(wanted: Path) -> Path:
    folder = socket_folder(wanted)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder != wanted:
        _assert_private(folder)
    return folder


def _assert_private(folder: Path) -> None:
    found = folder.lstat()
    ours = found.st_uid == os.geteuid() and stat.S_ISDIR(found.st_mode)
    if not ours or stat.S_IMODE(found.st_mode) & 0o077:
        raise SocketFolderError(f"{folder} exists and is not a private folder of this user; remove it and start again.")
