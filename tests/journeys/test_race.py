"""Many buyers want the same units at once, as `portcullis race` stages it on a running marketplace."""

from __future__ import annotations

import json

import pytest

from tests.counts import STOCK_RACES
from tests.marketplace import Marketplace


@pytest.mark.parametrize(("stock", "buyers"), [(1, 16), (5, 32)], ids=["16-for-1", "32-for-5"])
@pytest.mark.parametrize("number", range(STOCK_RACES))
def test_exactly_as_many_are_placed_and_charged_as_there_are_units(
    market: Marketplace, stock: int, buyers: int, number: int
) -> None:
    """The others are told that it is out of stock; the payment provider charged nobody else."""
    done = market.command("race", "--stock", str(stock), "--buyers", str(buyers))
    assert done.stdout == f"placed {stock}, out_of_stock {buyers - stock}, other 0, charged {stock}\n", done.stderr
    assert done.returncode == 0


def test_enough_for_everybody_is_sold_to_everybody(market: Marketplace) -> None:
    """Nobody is refused for the crowd alone."""
    done = market.command("race", "--stock", "9", "--buyers", "8", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"placed": 8, "out_of_stock": 0, "other": 0, "charged": 8, "others": []}


def test_the_books_are_whole_after_the_races(market: Marketplace) -> None:
    """Every invariant holds on what the races left behind."""
    done = market.command("verify")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].endswith(" checks, 0 violations")


def test_a_marketplace_that_is_not_there_is_one_sentence(market: Marketplace) -> None:
    """No traceback for what a person can mend."""
    done = market.command("race", PORTCULLIS_PORT="1")
    assert done.returncode == 1
    assert done.stderr.startswith("portcullis: http://127.0.0.1:1/dev/token does not answer")
    assert "Traceback" not in done.stderr
