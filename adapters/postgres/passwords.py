"""The generated passwords of our database roles: one file, mode 0600, never logged."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

SUPERUSER = "postgres"
OWNER = "portcullis_owner"
GATEWAY = "portcullis_gateway"
WORKER = "portcullis_worker"
ROLES = (SUPERUSER, OWNER, GATEWAY, WORKER)


class Passwords:
    """Passwords by role; shows none of them when printed."""

    def __init__(self, of: Mapping[str, str]) -> None:
        self._of = MappingProxyType(dict(of))

    def __getitem__(self, role: str) -> str:
        return self._of[role]

    def __repr__(self) -> str:
        return f"Passwords({', '.join(self._of)})"

    @property
    def digest(self) -> str:
        """Tells whether a cluster knows these passwords, and tells nothing of them: each has 256 random bits."""
        return hashlib.sha256(json.dumps(dict(self._of), sort_keys=True).encode()).hexdigest()

    def as_json(self) -> str:
        return json.dumps(dict(self._of), indent=1)


def generate() -> Passwords:
    return Passwords({role: secrets.token_urlsafe(32) for role in ROLES})


def keep(file: Path) -> Passwords:
    """The passwords in `file`; made at first use, by exactly one of several processes."""
    if not file.exists():
        _write_once(file, generate())
    return Passwords(json.loads(file.read_text()))


def _write_once(file: Path, passwords: Passwords) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(passwords.as_json())
        os.link(draft, file)
    except FileExistsError:
        pass  # another process was first: its passwords count
    finally:
        draft.unlink()


def verifier(password: str) -> str:
    """What the server stores (RFC 5803). Sent in place of the password, so that no server log can hold it."""
    salt, rounds = secrets.token_bytes(16), 4096
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt_text, stored_text, server_text = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"SCRAM-SHA-256${rounds}:{salt_text}${stored_text}:{server_text}"
