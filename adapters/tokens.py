"""Bearer tokens: checks signature, issuer, audience, type and times, signs development ones; believes no role."""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

ALGORITHM = "ES256"
TYPE = "at+jwt"
LEEWAY_S = 10
LIFETIME_S = 8 * 3600
LONGEST_LIFE_S = 24 * 3600  # a token that outlives a day is a password, which nobody could call back
LONGEST_TOKEN = 8 * 1024
LONGEST_CLAIM = 200
_KEPT = 4096
_KEY_FILE = "issuer.json"
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class TokenError(Exception):
    """A token that is not accepted; `reason` says why in one word, for programs."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = f"token.{reason}"


@dataclass(frozen=True, slots=True)
class Claims:
    """All that is believed of a token: who, in which session, until when. Roles in a token are ignored."""

    issuer: str
    subject: str
    token_id: str
    expires_at: int


class Verifier:
    """Checks tokens of one issuer against its public keys; asks no address that a token names."""

    def __init__(self, keys: Mapping[str, ECKey], issuer: str, audience: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        # What a signature proves of a token stays proven; refusals are not kept, and times are looked at every time.
        self._signed = lru_cache(maxsize=_KEPT)(self._decoded)

    def verify(self, token: str) -> Claims:
        """Raises `TokenError`."""
        if len(token) > LONGEST_TOKEN or not _COMPACT.fullmatch(token):
            raise TokenError("malformed", "The bearer token is not a signed JWT.")
        found = self._signed(token)
        self._check_type(found.header)
        return self._claims(found.claims)

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._key_of, algorithms=[ALGORITHM])
        except (JoseError, ValueError, TypeError, RecursionError):
            raise TokenError("signature", "The bearer token is not signed by a key and algorithm we accept.") from None

    def _key_of(self, signed: Any) -> ECKey:
        """One algorithm per key, found by `kid` alone: `jku`, `x5u` and `jwk` of the header are not looked at."""
        header = signed.headers()
        key = self._keys.get(str(header.get("kid")))
        if key is None or header.get("alg") != ALGORITHM:
            raise TokenError("key", "The bearer token names no key of its issuer.")
        return key

    @staticmethod
    def _check_type(header: Mapping[str, Any]) -> None:
        kind = str(header.get("typ")).lower().removeprefix("application/")
        if kind != TYPE:
            raise TokenError("type", f"The bearer token is no access token ({TYPE}).")

    def _claims(self, claims: Mapping[str, Any]) -> Claims:
        now = time.time()
        if claims.get("iss") != self._issuer:
            raise TokenError("issuer", "The bearer token is from another issuer.")
        audience = claims.get("aud")
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            raise TokenError("audience", "The bearer token is for another audience.")
        expires_at = _instant(claims, "exp")
        if expires_at is None:
            raise TokenError("expiry", "The bearer token has no time of expiry.")
        if expires_at + LEEWAY_S <= now:
            raise TokenError("expired", "The bearer token has expired.")
        if any((_instant(claims, name) or 0) - LEEWAY_S > now for name in ("nbf", "iat")):
            raise TokenError("early", "The bearer token is not valid yet.")
        issued_at = _instant(claims, "iat")
        if expires_at - min(now, now if issued_at is None else issued_at) > LONGEST_LIFE_S + LEEWAY_S:
            raise TokenError("lifetime", f"The bearer token is valid for more than {LONGEST_LIFE_S // 3600} hours.")
        return Claims(
            issuer=self._issuer,
            subject=_text(claims.get("sub"), "sub"),
            token_id=_text(claims.get("sid") or claims.get("jti"), "sid or jti"),
            expires_at=int(expires_at),
        )


def _instant(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**40:
        raise TokenError("time", f"The bearer token's {name} is no time.")
    return value


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_CLAIM or not value.isprintable():
        raise TokenError("claims", f"The bearer token has no usable {name}.")
    return value


class DevelopmentIssuer:
    """Signs tokens for development logins with a key of its own, kept under the home; production must not have it."""

    def __init__(self, folder: Path, issuer: str, audience: str) -> None:
        self._key = _kept_key(folder)
        self._issuer = issuer
        self._audience = audience

    def keys(self) -> dict[str, ECKey]:
        """The public keys by `kid`, as a JWKS has them."""
        public = ECKey.import_key(self._key.as_dict(private=False))
        return {str(public.kid): public}

    def issue(self, subject: str) -> tuple[str, int]:
        """A new token, hence a new session, and when it expires (epoch seconds)."""
        now = int(time.time())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": subject,
            "jti": secrets.token_urlsafe(18),
            "iat": now,
            "exp": now + LIFETIME_S,
        }
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": str(self._key.kid)}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM]), now + LIFETIME_S


def _kept_key(folder: Path) -> ECKey:
    """The key of this home, made when absent; of two processes that make it at once the first one wins."""
    file = folder / _KEY_FILE
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
        draft = folder / f".{_KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            json.dump(key.as_dict(private=True), opened)
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return ECKey.import_key(json.loads(file.read_text()))


def published_keys(folder: Path) -> dict[str, ECKey]:
    """The public keys of an issuer that is not ours, by `kid`, from the JWKS that the operator put here."""
    file = folder / "issuer.jwks"
    if not file.exists():
        return {}
    keys = KeySet.import_key_set(json.loads(file.read_text()))
    return {str(key.kid): key for key in keys if isinstance(key, ECKey) and key.curve_name == "P-256"}
