"""What the sandbox does with money, each thing at most once per key; knows no HTTP."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from uuid import uuid4

import orjson

from adapters.payments.sandbox.books import Authorization, Binding, Books, Movement
from adapters.payments.sandbox.methods import METHODS, Hang
from adapters.payments.sandbox.outbox import Outbox
from adapters.payments.sandbox.requests import Authorize, Capture, Page, Refusal, Void


@dataclass(frozen=True, slots=True)
class Recorded:
    """The authorization as the books have it now; a replayed one was changed by an earlier call."""

    authorization: Authorization
    replayed: bool = False


UNKNOWN_AUTHORIZATION = Refusal(404, "unknown_authorization", "no such authorization")


class Provider:
    """Every public method is one transaction: after kill -9 it happened completely or not at all.

    A key is bound to the operation and the meaning of its body by the first request that does
    something; a refused one does nothing and binds nothing.
    """

    def __init__(self, books: Books, outbox: Outbox | None) -> None:
        self._books = books
        self._outbox = outbox

    def authorize(self, key: str, command: Authorize) -> Recorded | Refusal:
        def record() -> Authorization | Refusal:
            if self._books.is_closed(key):
                return Refusal(409, "key_closed", "nothing is done under this key any more")
            made = _new_authorization(key, command)
            self._books.add_authorization(made)
            return made

        with self._books.writing():
            return self._once(key, command.digest("authorize"), record)

    def capture(self, key: str, authorization: str, command: Capture) -> Recorded | Refusal:
        def record() -> Authorization | Refusal:
            found = self._books.find(authorization)
            if found is None:
                return UNKNOWN_AUTHORIZATION
            if (refusal := _refusal_to_capture(found, command.amount)) is not None:
                return refusal
            full = found.captured + command.amount == found.amount
            made = Movement(_id("cap"), key, command.amount, "succeeded", _now())
            self._books.add_capture(found.id, made)
            if full:
                self._books.set_state(found.id, "captured")
            return self._books.get(found.id)

        with self._books.writing():
            return self._once(key, command.digest(f"capture {authorization}"), record)

    def void(self, key: str, authorization: str, command: Void) -> Recorded | Refusal:
        def record() -> Authorization | Refusal:
            found = self._books.find(authorization)
            if found is None:
                return UNKNOWN_AUTHORIZATION
            if (refusal := _refusal_to_void(found)) is not None:
                return refusal
            self._books.set_state(found.id, "voided")
            return self._books.get(found.id)

        with self._books.writing():
            return self._once(key, command.digest(f"void {authorization}"), record)

    def close(self, key: str) -> Refusal | None:
        """Promise that an authorization with this key, should it still arrive, will do nothing."""
        with self._books.writing():
            if self._books.binding_of(key) is not None:
                return Refusal(409, "key_in_use", "something was done under this key already")
            self._books.close_key(key)
        return None

    def find(self, authorization: str) -> Recorded | Refusal:
        found = self._books.find(authorization)
        return UNKNOWN_AUTHORIZATION if found is None else Recorded(found)

    def page(self, page: Page) -> list[Authorization] | Refusal:
        if page.after is not None and self._books.find(page.after) is None:
            return Refusal(400, "unknown_cursor", "after is the id of an authorization")
        return self._books.page(page.reference, page.after, page.limit)

    def stalls(self, key: str, command: Authorize) -> bool:
        """Whether this is the first request of a key whose method never gets to the books."""
        if METHODS[command.method].hang is not Hang.BEFORE_RECORDING:
            return False
        with self._books.writing():
            return self._books.binding_of(key) is None and self._books.add_stalled(key)

    def _once(self, key: str, digest: str, record: Callable[[], Authorization | Refusal]) -> Recorded | Refusal:
        bound = self._books.binding_of(key)
        if bound is not None:
            if bound.digest != digest:
                return Refusal(422, "idempotency_mismatch", "the key belongs to another request")
            return Recorded(self._books.get(bound.authorization), replayed=True)
        recorded = record()
        if isinstance(recorded, Refusal):
            return recorded
        self._books.bind(key, Binding(digest, recorded.id))
        if self._outbox is not None:
            self._outbox.add(_announcement(recorded))
        return Recorded(recorded)


def _new_authorization(key: str, command: Authorize) -> Authorization:
    decline_code = METHODS[command.method].decline_code
    return Authorization(
        id=_id("auth"),
        key=key,
        reference=command.reference,
        amount=command.amount,
        currency=command.currency,
        method=command.method,
        state="authorized" if decline_code is None else "declined",
        decline_code=decline_code,
        created_at=_now(),
    )


def _refusal_to_capture(found: Authorization, amount: int) -> Refusal | None:
    if found.state != "authorized":
        return Refusal(409, f"authorization_{found.state}", f"it is {found.state} already")
    if found.captured + amount > found.amount:
        rest = found.amount - found.captured
        return Refusal(409, "amount_exceeds_authorization", f"at most {rest} can be captured")
    return None


def _refusal_to_void(found: Authorization) -> Refusal | None:
    if found.state != "authorized":
        return Refusal(409, f"authorization_{found.state}", f"it is {found.state} already")
    if found.captures:
        return Refusal(409, "authorization_partly_captured", "a part of it is captured already")
    return None


def _announcement(changed: Authorization) -> bytes:
    event = "captured" if changed.captures else changed.state
    return orjson.dumps(
        {
            "id": _id("evt"),
            "type": f"authorization.{event}",
            "created_at": _now(),
            "data": asdict(changed),
        }
    )


def _id(prefix: str) -> str:
    return f"{prefix}_{uuid4().hex}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
