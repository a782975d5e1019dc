"""From the Authorization header to an identity: token, account, live session; what it may do is asked elsewhere."""

from __future__ import annotations

import time

import asyncpg
from starlette.datastructures import Headers

from adapters.tokens import Claims, TokenError, Verifier
from db import sessions
from db.sessions import Known
from domain.access.identity import Identity
from domain.act import act
from domain.command import Actor, Command
from domain.ports import Ports
from gateway.errors import RefusedError
from gateway.exchange import Exchange


class Authentication:
    def __init__(self, verifier: Verifier, pool: asyncpg.Pool, ports: Ports) -> None:
        self._verifier = verifier
        self._pool = pool
        self._ports = ports

    def claims(self, headers: Headers) -> Claims | None:
        """None without a token; raises `RefusedError` UNAUTHENTICATED for one that is not accepted."""
        given = headers.getlist("authorization")
        if not given:
            return None
        scheme, _, token = given[0].partition(" ")
        if len(given) > 1 or scheme.lower() != "bearer":
            raise _refused("token.scheme", "Send exactly one Authorization: Bearer token.")
        try:
            return self._verifier.verify(token.strip())
        except TokenError as error:
            raise _refused(error.reason, str(error)) from None

    async def identity(self, claims: Claims, exchange: Exchange) -> Identity:
        """One statement, when the session was seen within the last minute; its first use starts it."""
        known = await self._known(claims, exchange)
        if known.session is None:
            await self._start(known, claims, exchange)
            known = await self._known(claims, exchange)
        elif known.unseen and not known.revoked:
            await sessions.touch(self._pool, known.session)
        identity = known.identity()
        if identity is None:
            raise _refused("session.revoked", "This session was ended. Sign in again.")
        exchange.identity, exchange.revision = identity, known.revision
        return identity

    async def _known(self, claims: Claims, exchange: Exchange) -> Known:
        started = time.perf_counter()
        known = await sessions.identify(self._pool, claims.issuer, claims.subject, claims.token_id)
        exchange.spend("db", time.perf_counter() - started)
        if known is None:
            raise _refused("account.unknown", "This login has no account here.")
        return known

    async def _start(self, known: Known, claims: Claims, exchange: Exchange) -> None:
        """A twin of this request may start the session first, which is as good."""
        await act(
            Command(
                action="session.start",
                actor=Actor(known.platform, known.person),
                request=exchange.for_domain(),
                args={
                    "account": known.account,
                    "person": known.person,
                    "acting_for": known.invited_to,
                    "_issuer": claims.issuer,
                    "_token_id": claims.token_id,
                    "_client": None,
                },
            ),
            self._ports,
        )


def _refused(reason: str, message: str) -> RefusedError:
    return RefusedError("UNAUTHENTICATED", message, reason=reason)
