"""Card numbers are found however they are spelled, and other numbers are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cards import has_card_number


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1111",
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
        "4111/1111/1111/1111",
        "4111, 1111, 1111, 1111",
        "1 " * 1_000 + "/4111,1111/1111,1111",
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
        "1795277672180",
        "key-1795277672180000004",
        "2026-11-21T14:40:00Z",
        "019aa4f0-1234-7111-8222-333344445555",
        "sha256:" + "4111111111111111a" * 3 + "4111111111111",
        "VW-SOCKET",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    """Wrong check digits, wrong lengths, other industries, dates, clocks and the keys of machines pass."""
    assert not has_card_number(text)


def luhn(digits: str) -> bool:
    """The check as its definition says it."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def is_card(digits: str) -> bool:
    return 13 <= len(digits) <= 19 and digits[0] in "23456" and luhn(digits)


@given(st.text("0123456789", min_size=10, max_size=22))
def test_it_agrees_with_the_definition(digits: str) -> None:
    """For a number that stands alone."""
    assert has_card_number(f"x{digits}y") is is_card(digits)


def in_words(text: str) -> bool:
    """What is searched for, in the slowest way: every number of whole neighbouring groups, one by one."""
    groups = text.split(" ")
    numbers = ("".join(groups[first:last]) for last in range(len(groups) + 1) for first in range(last))
    return any(map(is_card, numbers))


@given(st.text("0123456789 0 ", min_size=13, max_size=60).map(lambda text: " ".join(text.split())))
def test_it_agrees_with_the_definition_for_every_neighbour(text: str) -> None:
    """For numbers among other numbers."""
    assert has_card_number(text) is in_words(text)


def test_a_key_of_a_machine_hides_no_number_beside_it() -> None:
    """It is passed over; what stands before and after it is not."""
    key = "019aa4f0-1234-7111-8222-333344445555"
    assert has_card_number(f"{key}/4111111111111111")
    assert has_card_number(f"4111111111111111 {key}")
    assert not has_card_number(f"41111111/{key}/11111111")
