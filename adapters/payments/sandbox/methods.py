"""The payment method tokens that the sandbox knows, as data: what happens to whoever pays so."""

from dataclasses import dataclass
from enum import StrEnum


class Hang(StrEnum):
    """When the first request of an idempotency key gets no answer."""

    NEVER = "never"
    # The same key sent again goes through: what a retry after a lost request would meet.
    BEFORE_RECORDING = "before_recording"
    # The authorization stands; the same key sent again is answered with it.
    AFTER_RECORDING = "after_recording"


@dataclass(frozen=True, slots=True)
class Method:
    token: str
    decline_code: str | None = None
    hang: Hang = Hang.NEVER


METHODS = {
    method.token: method
    for method in (
        Method("pm_ok"),
        Method("pm_declined", decline_code="card_declined"),
        Method("pm_insufficient", decline_code="insufficient_funds"),
        Method("pm_timeout_after_success", hang=Hang.AFTER_RECORDING),
        Method("pm_timeout_before", hang=Hang.BEFORE_RECORDING),
    )
}
