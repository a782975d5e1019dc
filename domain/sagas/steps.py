"""What a saga's pure `next_step` can want, and what it is told of the step before; `domain/saga.py` does them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from domain.command import Ref
from domain.payments.provider import ProviderAnswer, ProviderAuthorization
from domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Authorize:
    key: str
    reference: str
    amount: int
    currency: str
    method: str


@dataclass(frozen=True, slots=True)
class Capture:
    key: str
    authorization: str
    amount: int


@dataclass(frozen=True, slots=True)
class Void:
    key: str
    authorization: str


@dataclass(frozen=True, slots=True)
class Close:
    """Have the provider promise that an authorization with this key will do nothing, should it still arrive."""

    key: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """Read the provider's books; nothing is tried."""

    reference: str


@dataclass(frozen=True, slots=True)
class Write:
    """One more change. `then`: go on, or stop here (the saga ended, or it waits for its time).

    `tells` is what the client hears if it stops here; none: the nouns alone.
    """

    action: str
    target: Ref
    args: Mapping[str, Any] = field(default_factory=dict)
    then: Literal["go_on", "stop"] = "stop"
    tells: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Reload:
    """Somebody else moved it: look again."""


@dataclass(frozen=True, slots=True)
class Ended:
    """There is nothing left to do."""


Step = Authorize | Capture | Void | Close | Lookup | Write | Reload | Ended


@dataclass(frozen=True, slots=True)
class Books:
    """What the provider's books say, None while they cannot be read."""

    found: tuple[ProviderAuthorization, ...] | None


@dataclass(frozen=True, slots=True)
class Closing:
    """What the provider answered to a `Close`."""

    answer: ProviderAnswer


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that was not made, and why."""

    step: Write
    refusal: Refusal


Last = ProviderAnswer | Books | Closing | Refused | None
