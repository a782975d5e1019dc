"""Our scalars: how each is read and written; anything else is an error, never a rounding."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NewType
from urllib.parse import urlsplit
from uuid import UUID

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from domain.machines import ACTIONS
from domain.money import LIMIT
from domain.settings.values import duration_of, seconds_of

DateTime = NewType("DateTime", datetime)
Date = NewType("Date", date)
Duration = NewType("Duration", int)
MinorUnits = NewType("MinorUnits", int)
CurrencyCode = NewType("CurrencyCode", str)
CountryCode = NewType("CountryCode", str)
Uuid = NewType("Uuid", UUID)
Url = NewType("Url", str)
Digest = NewType("Digest", str)
ActionName = NewType("ActionName", str)
Json = NewType("Json", object)

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _no(value: object, what: str) -> GraphQLError:
    return GraphQLError(f"{value!r:.80} is not {what}.")


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise _no(value, what)
    return value


def read_instant(value: Any) -> datetime:
    text = _text(value, "an instant such as 2027-03-28T09:30:00Z")
    if not _INSTANT.fullmatch(text):
        raise _no(value, "an instant such as 2027-03-28T09:30:00Z")
    head, _, rest = text.partition(".")
    if rest:  # finer than microseconds is cut, as the database would
        digits = re.match(r"\d+", rest)
        fraction = digits.group() if digits else ""
        text = f"{head}.{fraction[:6]}{rest[len(fraction) :]}"
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _no(value, "an instant that exists") from None


def write_instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_date(value: Any) -> date:
    try:
        return date.fromisoformat(_text(value, "a date such as 2027-03-28"))
    except ValueError:
        raise _no(value, "a date such as 2027-03-28") from None


def read_duration(value: Any) -> int:
    """Whole seconds; months and years are no fixed length and refused."""
    text = _text(value, "a duration such as PT48H")
    try:
        return seconds_of(text[:40])
    except ValueError:
        raise _no(value, "a duration such as PT48H") from None


def whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LIMIT:
        raise _no(value, "a whole number within 2^53 - 1")
    return value


def _matching(pattern: str, what: str) -> Callable[[Any], str]:
    compiled = re.compile(pattern)

    def read(value: Any) -> str:
        if not compiled.fullmatch(_text(value, what)):
            raise _no(value, what)
        return str(value)

    return read


def read_url(value: Any) -> str:
    """An absolute https address."""
    text = _text(value, "an absolute https address")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise _no(value, "an absolute https address") from None
    if parts.scheme != "https" or not parts.hostname or any(c.isspace() for c in text):
        raise _no(value, "an absolute https address")
    return text


def read_uuid(value: Any) -> UUID:
    if not _UUID.fullmatch(_text(value, "a UUID in lower case")):
        raise _no(value, "a UUID in lower case")
    return UUID(value)


def read_action(value: Any) -> str:
    if value not in ACTIONS:
        raise _no(value, "the name of an action")
    return str(value)


def write_digest(value: bytes | str) -> str:
    return value if isinstance(value, str) else f"sha256:{value.hex()}"


def _same(value: Any) -> Any:
    return value


def _scalar(
    name: str,
    description: str,
    url: str | None,
    read: Callable[[Any], Any],
    write: Callable[[Any], Any] = _same,
) -> ScalarDefinition:
    return strawberry.scalar(
        name=name, description=description, specified_by_url=url, parse_value=read, serialize=write
    )


_RFC = "https://www.rfc-editor.org/rfc/rfc"
SCALARS: dict[object, ScalarDefinition] = {
    DateTime: _scalar(
        "DateTime",
        "An instant in UTC, RFC 3339, always with `Z`.",
        "https://scalars.graphql.org/andimarek/date-time.html",
        read_instant,
        write_instant,
    ),
    Date: _scalar(
        "Date",
        "A calendar date without time zone, `2027-03-28`.",
        f"{_RFC}3339#section-5.6",
        read_date,
        date.isoformat,
    ),
    Duration: _scalar(
        "Duration", "A length of time, ISO 8601, `PT48H`.", f"{_RFC}3339#appendix-A", read_duration, duration_of
    ),
    MinorUnits: _scalar(
        "MinorUnits",
        "A whole number of minor currency units, a JSON integer of at most 2^53 - 1 either way: exact in every client."
        " Beyond that is an error, never a rounding.",
        f"{_RFC}7493#section-2.2",
        whole,
        whole,
    ),
    CurrencyCode: _scalar(
        "CurrencyCode",
        "An ISO 4217 currency code, `EUR`.",
        "https://www.iso.org/iso-4217-currency-codes.html",
        _matching("[A-Z]{3}", "a currency code such as EUR"),
    ),
    CountryCode: _scalar(
        "CountryCode",
        "An ISO 3166-1 alpha-2 country code, `DE`.",
        "https://www.iso.org/iso-3166-country-codes.html",
        _matching("[A-Z]{2}", "a country code such as DE"),
    ),
    Uuid: _scalar("UUID", "A UUID in lower-case canonical form.", f"{_RFC}9562", read_uuid, str),
    Url: _scalar("URL", "An absolute https address.", "https://url.spec.whatwg.org/", read_url),
    Digest: _scalar(
        "Digest",
        "`sha256:` and 64 lower-case hex digits.",
        f"{_RFC}6234",
        _matching("sha256:[0-9a-f]{64}", "a digest such as sha256:…"),
        write_digest,
    ),
    ActionName: _scalar(
        "ActionName",
        "The dotted name that policy, journal and permissions use: mutation `orderApprove` is action `order.approve`."
        " A literal that names no action fails validation.",
        None,
        read_action,
    ),
    Json: _scalar(
        "JSON",
        "Any JSON value. Used only for a policy input, a journal payload and a dead letter's payload.",
        f"{_RFC}8259",
        _same,
    ),
}
