"""Exact money: whole minor units and a currency, never a float; allocation loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LIMIT = 2**53 - 1

# ISO 4217 exponents of the currencies that may be used; another currency is refused as input.
EXPONENTS: dict[str, int] = {
    **dict.fromkeys(("AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF"), 2),
    **dict.fromkeys(
        (
            "ILS",
            "INR",
            "MXN",
            "NOK",
            "NZD",
            "PLN",
            "RON",
            "SEK",
            "SGD",
            "TRY",
            "USD",
            "ZAR",
        ),
        2,
    ),
    **dict.fromkeys(("JPY", "KRW", "ISK", "CLP", "VND"), 0),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` whole minor units of `currency`: 1250 is EUR 12.50 or JPY 1250."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if abs(self.minor) > LIMIT:
            raise OverflowError(f"{self.minor} is beyond the exact range of every client")

    @property
    def decimal(self) -> str:
        """The amount as exact decimal text by the ISO 4217 exponent."""
        exponent = EXPONENTS[self.currency]
        sign = "-" if self.minor < 0 else ""
        if exponent == 0:
            return f"{sign}{abs(self.minor)}"
        whole, rest = divmod(abs(self.minor), 10**exponent)
        return f"{sign}{whole}.{rest:0{exponent}d}"

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"


def share_half_up(amount: int, basis_points: int) -> int:
    """`basis_points` of a non-negative amount, in minor units, half up."""
    return (amount * basis_points + 5_000) // 10_000


def allocate(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split an amount by weights with the largest remainder; the parts sum to it.

    >>> allocate(100, (1, 1, 1))
    (34, 33, 33)
    """
    total = sum(weights)
    if total <= 0:
        raise ValueError("weights must sum to something")
    parts = [amount * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for index in order[: amount - sum(parts)]:
        parts[index] += 1
    return tuple(parts)
