"""Global ids: a noun, its home and its id, sealed so that nobody can make one for another tenant."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from domain.command import Ref

_MAC = 10
_IDS = 32


@dataclass(frozen=True, slots=True)
class GlobalIds:
    """Encodes and decodes under one key. `decode` answers None for everything it did not encode itself."""

    key: bytes

    def encode(self, ref: Ref) -> str:
        body = ref.home.bytes + ref.id.bytes + ref.noun.encode()
        return base64.urlsafe_b64encode(body + self._mac(body)).rstrip(b"=").decode()

    def decode(self, text: str, *nouns: str) -> Ref | None:
        """The reference again; None when it is not ours or, with `nouns` given, of another noun."""
        try:
            raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except ValueError:
            return None
        body, mac = raw[:-_MAC], raw[-_MAC:]
        if len(body) <= _IDS or not hmac.compare_digest(mac, self._mac(body)):
            return None
        noun = body[_IDS:].decode()
        if nouns and noun not in nouns:
            return None
        return Ref(noun, UUID(bytes=body[:16]), UUID(bytes=body[16:32]))

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self.key, b"global id" + body, hashlib.sha256)[:_MAC]
