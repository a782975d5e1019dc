"""Signatures of webhook bodies: made by whoever sends one, checked by whoever receives it."""

import hashlib
import hmac
import re

SIGNATURE_HEADER = "Portcullis-Signature"
TOLERANCE_SECONDS = 300
_HEADER = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over `timestamp.body`, so that an old body cannot be sent again as a new one."""
    message = f"{timestamp}.".encode() + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def signature_header(secret: str, timestamp: int, body: bytes) -> str:
    return f"t={timestamp},v1={sign(secret, timestamp, body)}"


def verify(secret: str, header: str, body: bytes, now: float, tolerance: float = TOLERANCE_SECONDS) -> bool:
    found = _HEADER.fullmatch(header)
    if found is None:
        return False
    timestamp = int(found[1])
    fresh = abs(now - timestamp) <= tolerance
    return hmac.compare_digest(sign(secret, timestamp, body), found[2]) and fresh
