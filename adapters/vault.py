"""Seal personal data: AES-256-GCM under a data key per value, which is wrapped by the master key; stores nothing."""

from __future__ import annotations

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.ports import SealError

_VERSION = b"\x01"
_NONCE = 12


class VaultError(SealError):
    """A sealed value does not open: another master key, another place, or damage."""


class Vault:
    """Opens a value only where it was sealed: its organization, subject and field are bound into it."""

    def __init__(self, master_key: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"portcullis vault").derive(master_key.encode())
        self._master = AESGCM(derived)

    def seal(self, organization: UUID, subject: UUID, field: str, text: str) -> tuple[bytes, bytes]:
        """The wrapped data key and the cipher."""
        place = _place(organization, subject, field)
        key = AESGCM.generate_key(256)
        return _encrypt(self._master, key, place), _encrypt(AESGCM(key), text.encode(), place)

    def open(self, organization: UUID, subject: UUID, field: str, wrapped_key: bytes, cipher: bytes) -> str:
        place = _place(organization, subject, field)
        try:
            key = _decrypt(self._master, wrapped_key, place)
            return _decrypt(AESGCM(key), cipher, place).decode()
        except (InvalidTag, ValueError) as error:
            raise VaultError(f"{field} of {subject} does not open") from error


def _place(organization: UUID, subject: UUID, field: str) -> bytes:
    return f"{organization}/{subject}/{field}".encode()


def _encrypt(key: AESGCM, data: bytes, place: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return _VERSION + nonce + key.encrypt(nonce, data, place)


def _decrypt(key: AESGCM, sealed: bytes, place: bytes) -> bytes:
    if sealed[:1] != _VERSION:
        raise ValueError("unknown version")
    start = len(_VERSION) + _NONCE
    return key.decrypt(sealed[len(_VERSION) : start], sealed[start:], place)
