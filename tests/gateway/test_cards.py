"""Card numbers are found however they are spelled, refused, and leave no trace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cards import has_card_number, holds_card_number
from tests.gateway.ground import CARD, Client, Running


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        "4111111111111111",
        "4111-1111-1111-1111",
        "378282246310005",
        "4222222222222",
        "6304000000000000000",
        "pay with 5500 0000 0000 0004, please",
        "2 x 4111 1111 1111 1111",
        "4111 1111 1111 1111 12/29",
        "card4111111111111111",
        "\uff14\uff11\uff11\uff11 1111 1111 1111",
        "4111\u00a01111\u20111111\u22121111",
        "4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1",
        "4111.1111_1111.1111",
        "4111\u200b1111\u20601111\ufeff1111",
    ],
)
def test_a_card_number_is_found(text: str) -> None:
    """With blanks, dashes, neighbours and digits of other scripts."""
    assert has_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4111 1111 1111 1112",
        "411111111111",
        "41111111111111111111",
        "0000 0000 0000 0000",
        "2026-11-21T14:40:00Z",
        "019aa4f0-1234-7111-8222-333344445555",
        "sha256:" + "4111111111111111a" * 3 + "4111111111111",
        "VW-SOCKET",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    """Wrong check digits, wrong lengths, zeros, dates and the keys of machines pass."""
    assert not has_card_number(text)


def luhn(digits: str) -> bool:
    """The check as its definition says it."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


@given(st.text("0123456789", min_size=10, max_size=22))
def test_it_agrees_with_the_definition(digits: str) -> None:
    """For a number that stands alone."""
    assert has_card_number(f"x{digits}y") is (13 <= len(digits) <= 19 and luhn(digits) and set(digits) != {"0"})


def test_it_looks_everywhere_in_a_value() -> None:
    """Also at names and deep inside."""
    assert holds_card_number({"a": [{"b": {"c": CARD}}]})
    assert holds_card_number({CARD: 1})
    assert not holds_card_number({"a": [1, None, True, 4111111111111111]})


async def test_a_refused_card_number_is_logged_nowhere(client: Client, running: Running) -> None:
    """Neither in a variable, nor in a literal, an operation's name, a path, or a request id."""
    digits = "4111111111111111"
    await client.ask("query($n: String!) { hello(name: $n) }", {"n": CARD})
    await client.ask(f'{{hello(name: "{CARD}")}}')
    await client.ask(f"query q{digits} {{ a{digits}: hello }}")
    await client.ask("{hello}", X_Request_Id=digits)
    await client.send("GET", f"/{digits}?card={digits}")
    assert running.lines("request")
    assert digits not in running.log.getvalue()
    assert CARD not in running.log.getvalue()
