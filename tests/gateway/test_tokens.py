"""Forged, foreign and stale bearer tokens: each is refused by its own reason, over HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from adapters.tokens import TYPE, DevelopmentIssuer
from tests.gateway.conftest import AUDIENCE, ISSUER, Ground
from tests.gateway.ground import Client


@pytest.fixture
def key(ground: Ground) -> ECKey:
    """The private key of the issuer, as a thief of the development home would have it."""
    return ECKey.import_key(json.loads((ground.keys / "issuer.json").read_text()))


class Forge:
    """Makes tokens that differ from a good one in one point."""

    def __init__(self, ground: Ground, key: ECKey) -> None:
        self.key = key
        self.subject = str(ground.world.buyer.id)

    def claims(self, **other: Any) -> dict[str, Any]:
        now = int(time.time())
        good = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": self.subject,
            "jti": "t1",
            "iat": now,
            "exp": now + 600,
        }
        return {name: value for name, value in {**good, **other}.items() if value is not None}

    def header(self, **other: Any) -> dict[str, Any]:
        good = {"alg": "ES256", "typ": TYPE, "kid": self.key.kid}
        return {name: value for name, value in {**good, **other}.items() if value is not None}

    def token(self, header: dict[str, Any] | None = None, key: Any = None, **claims: Any) -> str:
        given = header or self.header()
        return jwt.encode(given, self.claims(**claims), key or self.key, algorithms=[given["alg"]], default_type=None)

    def by_hand(self, header: dict[str, Any], signature: bytes = b"") -> str:
        parts = (json.dumps(part).encode() for part in (header, self.claims()))
        head = b".".join(map(b64, parts))
        return f"{head.decode()}.{b64(signature).decode()}"


def b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


@pytest.fixture
def forge(ground: Ground, key: ECKey) -> Forge:
    return Forge(ground, key)


async def test_a_token_may_live_for_a_day(forge: Forge, client: Client) -> None:
    """From when it was made; without that from now."""
    for made in (int(time.time()), None):
        answer = await client.ask("{me}", token=forge.token(iat=made, exp=int(time.time()) + 86_400))
        assert answer.body == {"data": {"me": forge.subject}}


async def test_a_good_token_says_who_asks(forge: Forge, client: Client) -> None:
    """Its person, from the database."""
    answer = await client.ask("{me}", token=forge.token())
    assert answer.body == {"data": {"me": forge.subject}}


def hs256_with_the_public_key(forge: Forge) -> str:
    """Signed symmetrically with what everybody may read."""
    pem = forge.key.as_pem(private=False)
    head = b".".join(map(b64, (json.dumps(forge.header(alg="HS256")).encode(), json.dumps(forge.claims()).encode())))
    return f"{head.decode()}.{b64(hmac.new(pem, head, hashlib.sha256).digest()).decode()}"


def spliced(forge: Forge) -> str:
    """The signature of one token under the claims of another."""
    head, _, signature = forge.token().split(".")
    other = b64(json.dumps(forge.claims(sub="somebody")).encode()).decode()
    return f"{head}.{other}.{signature}"


FORGED: dict[str, tuple[Any, str]] = {
    "empty": (lambda _: "", "token.malformed"),
    "one word": (lambda _: "letmein", "token.malformed"),
    "two dots": (lambda _: "..", "token.malformed"),
    "no algorithm": (lambda f: f.by_hand(f.header(alg="none")), "token.malformed"),
    "no algorithm and a signature": (lambda f: f.by_hand(f.header(alg="none"), b"x"), "token.signature"),
    "None": (lambda f: f.by_hand(f.header(alg="None"), b"x"), "token.signature"),
    "hs256 with the public key": (hs256_with_the_public_key, "token.signature"),
    "hs256": (lambda f: f.token(f.header(alg="HS256"), OctKey.generate_key(256)), "token.signature"),
    "rs256": (lambda f: f.token(f.header(alg="RS256"), RSAKey.generate_key(2048)), "token.signature"),
    "own key under the right name": (lambda f: f.token(key=ECKey.generate_key("P-256")), "token.signature"),
    "spliced": (spliced, "token.signature"),
    "broken header": (lambda f: "AAAA." + f.token().split(".", 1)[1], "token.signature"),
    "deep header": (lambda _: b64(b"[" * 5000).decode() + ".AA.AA", "token.signature"),
    "unknown key": (lambda f: f.token(f.header(kid="other")), "token.key"),
    "no key": (lambda f: f.token(f.header(kid=None)), "token.key"),
    "another address of keys": (
        lambda f: f.token(f.header(kid="evil", jku="http://127.0.0.1:9/keys"), ECKey.generate_key("P-256")),
        "token.key",
    ),
    "key in the header": (
        lambda f: f.token(f.header(kid="evil", jwk=ECKey.generate_key("P-256").as_dict(private=False))),
        "token.key",
    ),
    "id token": (lambda f: f.token(f.header(typ="JWT")), "token.type"),
    "no type": (lambda f: f.token(f.header(typ=None)), "token.type"),
    "another issuer": (lambda f: f.token(iss="https://evil.example"), "token.issuer"),
    "no issuer": (lambda f: f.token(iss=None), "token.issuer"),
    "another audience": (lambda f: f.token(aud="other"), "token.audience"),
    "no audience": (lambda f: f.token(aud=None), "token.audience"),
    "expired": (lambda f: f.token(exp=int(time.time()) - 60), "token.expired"),
    "never expires": (lambda f: f.token(exp=None), "token.expiry"),
    "expires in words": (lambda f: f.token(exp="tomorrow"), "token.time"),
    "expires truly": (lambda f: f.token(exp=True), "token.time"),
    "expires beyond time": (lambda f: f.token(exp=1e300), "token.time"),
    "expires in thirty years": (lambda f: f.token(exp=int(time.time()) + 30 * 365 * 86_400), "token.lifetime"),
    "expires after a day, of no age": (lambda f: f.token(exp=int(time.time()) + 90_000, iat=None), "token.lifetime"),
    "is older than a day": (lambda f: f.token(iat=int(time.time()) - 86_400), "token.lifetime"),
    "not yet": (lambda f: f.token(nbf=int(time.time()) + 600), "token.early"),
    "made in the future": (lambda f: f.token(iat=int(time.time()) + 600), "token.early"),
    "no subject": (lambda f: f.token(sub=None), "token.claims"),
    "subject is a list": (lambda f: f.token(sub=["a"]), "token.claims"),
    "nul in the subject": (lambda f: f.token(sub="a\0b"), "token.claims"),
    "no session": (lambda f: f.token(jti=None), "token.claims"),
    "long": (lambda f: f.token(x="y" * 10_000), "token.malformed"),
    "unknown account": (lambda f: f.token(sub="nobody@nowhere.example"), "account.unknown"),
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_token_is_refused(name: str, forge: Forge, client: Client) -> None:
    """401 with a reason, also for a query that nobody needs a token for."""
    make, reason = FORGED[name]
    answer = await client.ask("{hello}", token=make(forge))
    assert (answer.status, answer.code, answer.reason) == (401, "UNAUTHENTICATED", reason)
    assert answer.body["errors"][0]["extensions"]["retryable"] == "AFTER_AUTH"
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_token_that_names_addresses_of_keys_is_judged_by_our_key(forge: Forge, client: Client) -> None:
    """`jku` and `x5u` of a good token are not looked at, let alone fetched."""
    header = forge.header(jku="http://127.0.0.1:9/keys", x5u="http://127.0.0.1:9/cert")
    answer = await client.ask("{me}", token=forge.token(header))
    assert answer.body == {"data": {"me": forge.subject}}


async def test_roles_in_a_token_are_ignored(forge: Forge, client: Client) -> None:
    """A token is identity only."""
    token = forge.token(roles=["operator"], role="operator", scope="operator", org="elsewhere")
    assert (await client.ask("{roles}", token=token)).body == {"data": {"roles": ["buyer"]}}
    answer = await client.ask("{roles}", token=token, X_Roles="operator", X_Organization="elsewhere")
    assert answer.body == {"data": {"roles": ["buyer"]}}


@pytest.mark.parametrize("scheme", ["Basic YTpi", "bearer", "Bearer", "Token abc", "DPoP abc"])
async def test_only_the_bearer_scheme_is_taken(scheme: str, client: Client) -> None:
    """Anything else in the header is refused, not ignored."""
    answer = await client.ask("{hello}", Authorization=scheme)
    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")


def test_the_key_is_private_and_made_once(ground: Ground, tmp_path: Any) -> None:
    """Two issuers of one home sign with one key, which nobody else may read."""
    folder = tmp_path / "keys"
    first, second = (DevelopmentIssuer(folder, ISSUER, AUDIENCE) for _ in range(2))
    assert first.keys().keys() == second.keys().keys()
    assert [path.name for path in folder.iterdir()] == ["issuer.json"]
    assert (folder / "issuer.json").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    public = next(iter(first.keys().values()))
    assert not public.is_private
