"""What a request must look like to be considered at all; every refusal names the field."""

import hashlib
import re
from dataclasses import dataclass
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from adapters.payments.sandbox.currencies import CURRENCIES
from adapters.payments.sandbox.methods import METHODS

MAX_AMOUNT = 2**53 - 1
MAX_PAGE = 1000
KEY = re.compile(r"[\x21-\x7e]{1,200}")
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer other than the authorization: the request as such did nothing."""

    status: int
    code: str
    message: str


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError(code)
    return code


Amount = Annotated[int, Field(ge=1, le=MAX_AMOUNT)]
Currency = Annotated[str, AfterValidator(_known_currency)]
# `\Z`, and not `$`, which would let a closing line feed through.
MethodToken = Annotated[str, StringConstraints(pattern=r"\Apm_[a-z_]{2,40}\z")]
Reference = Annotated[str, StringConstraints(pattern=rf"\A{REFERENCE.pattern}\z")]


class Command(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def digest(self, operation: str) -> str:
        """Tell what must be equal when a key is used again: the meaning, not the bytes."""
        return hashlib.sha256(f"{operation}\n{self.model_dump_json()}".encode()).hexdigest()


class Authorize(Command):
    amount: Amount
    currency: Currency
    method: MethodToken
    reference: Reference


class Capture(Command):
    amount: Amount


class Void(Command):
    """Carries nothing; an absent body counts as `{}`."""


class Close(Command):
    """Carries nothing; what is closed is the key."""


CommandT = TypeVar("CommandT", bound=Command)


def read_command(kind: type[CommandT], body: bytes) -> CommandT | Refusal:
    try:
        command = kind.model_validate_json(body or b"{}")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return _refusal_of(first["type"], first["loc"])
    if isinstance(command, Authorize) and command.method not in METHODS:
        return Refusal(422, "unknown_method", "no such payment method")
    return command


def _refusal_of(kind: str, location: tuple[int | str, ...]) -> Refusal:
    if kind == "json_invalid" or not location:
        return Refusal(400, "invalid_json", "the body is not a JSON object")
    field = str(location[0])
    if kind == "extra_forbidden":
        return Refusal(400, "unknown_field", "the body has a field that is not known here")
    return Refusal(400, f"invalid_{field}", f"{field} is missing or malformed")


def read_key(header: str | None) -> str | Refusal:
    if header is None:
        return Refusal(400, "missing_idempotency_key", "the header Idempotency-Key is required")
    if not KEY.fullmatch(header):
        return Refusal(400, "invalid_idempotency_key", "1 to 200 visible ASCII characters")
    return header


@dataclass(frozen=True, slots=True)
class Page:
    reference: str | None
    after: str | None
    limit: int


def read_page(reference: str | None, after: str | None, limit: str | None) -> Page | Refusal:
    if reference is not None and not REFERENCE.fullmatch(reference):
        return Refusal(400, "invalid_reference", "reference is malformed")
    if limit is None:
        return Page(reference, after, MAX_PAGE)
    if not re.fullmatch(r"[0-9]{1,4}", limit, re.ASCII) or not 1 <= int(limit) <= MAX_PAGE:
        return Refusal(400, "invalid_limit", f"limit is 1 to {MAX_PAGE}")
    return Page(reference, after, int(limit))
