"""Catalogs as CSV: good lines become rows, each bad line says what is wrong with it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.importing import COLUMNS, Fault, Parsed, grouped, parse
from domain.money import Money
from domain.settings.values import duration_of, seconds_of

HEADER = ",".join(COLUMNS)
GOOD = 'Voltworks,lamp,stock,electrical,Desk lamp,VW-LAMP,"Desk lamp, white",2990,EUR,12,'


def parsed(*lines: str) -> Parsed:
    return parse(io.StringIO("\n".join((HEADER, *lines)) + "\n", newline=""))


def told(*lines: str) -> list[str]:
    return [str(fault) for fault in parsed(*lines).faults]


def changed(**cells: str) -> str:
    """The good line with some cells changed."""
    values = dict(
        zip(
            COLUMNS,
            ("Voltworks", "lamp", "stock", "electrical", "Desk lamp", "VW-LAMP", "white", "2990", "EUR", "12", ""),
            strict=True,
        )
    )
    return ",".join((values | cells).values())


def test_a_good_line_is_a_row() -> None:
    """Quoted commas, prices in minor units, stock as a number."""
    (row,) = parsed(GOOD).rows
    assert (row.line, row.variant, row.price, row.stock, row.duration_s) == (
        2,
        "Desk lamp, white",
        Money(2_990, "EUR"),
        12,
        None,
    )


def test_a_slot_has_a_duration() -> None:
    """In ISO 8601; and no stock."""
    (row,) = parsed(changed(kind="slot", stock="", duration="PT1H30M")).rows
    assert (row.duration_s, row.stock) == (5_400, None)


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"vendor": ""}, "vendor"),
        ({"service": ""}, "service"),
        ({"kind": "bundle"}, "kind"),
        ({"category": "x" * 81}, "category"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "bad\udcff"}, "title"),
        ({"title": "4111111111111111"}, "title"),
        ({"title": "a\u202eb"}, "title"),
        ({"variant": "4111 1111 1111 1111"}, "variant"),
        ({"sku": "4111111111111111"}, "sku"),
        ({"sku": "vw-lamp"}, "sku"),
        ({"variant": " "}, "variant"),
        ({"price_minor": "29.90"}, "price_minor"),
        ({"price_minor": "-1"}, "price_minor"),
        ({"price_minor": "0"}, "price_minor"),
        ({"price_minor": "9" * 400}, "price_minor"),
        ({"price_minor": "9" * 15}, "price_minor"),
        ({"price_minor": "٣"}, "price_minor"),
        ({"currency": "XXX"}, "currency"),
        ({"stock": ""}, "stock"),
        ({"stock": "1000001"}, "stock"),
        ({"duration": "PT1H"}, "duration"),
        ({"kind": "slot", "duration": "PT1H"}, "stock"),
        ({"kind": "slot", "stock": "", "duration": ""}, "duration"),
        ({"kind": "slot", "stock": "", "duration": "2 hours"}, "duration"),
        ({"kind": "slot", "stock": "", "duration": "PT1S"}, "duration"),
    ],
)
def test_each_bad_cell_is_told_by_name(cells: dict[str, str], field: str) -> None:
    """One fault for one bad cell, and no row."""
    found = parsed(
        GOOD.replace("VW-LAMP", "VW-OTHER"),
        changed(service="other", **cells) if "service" not in cells else changed(**cells),
    )
    assert [(fault.line, fault.field) for fault in found.faults] == [(3, field)]
    assert [row.line for row in found.rows] == [2]


def test_a_guarded_formula_is_read_without_its_guard() -> None:
    """As it was before it was exported."""
    (row,) = parsed(changed(title="'=1+1", variant="''@x", service="'quoted'")).rows
    assert (row.title, row.variant, row.service) == ("=1+1", "'@x", "'quoted'")


def test_everything_wrong_with_a_line_is_told() -> None:
    """Not only the first fault."""
    assert told(changed(sku="?", price_minor="x", currency="EURO")) == [
        "line 2: price_minor: Must be a whole number, digits only.",
        "line 2: sku: Must have 2 to 40 upper-case letters, digits and hyphens, no hyphen first.",
    ]


def test_lines_count_as_an_editor_counts_them() -> None:
    """A quoted line break makes the next record begin a line later; empty lines count and are no rows."""
    found = parsed(changed(title='"Desk\nlamp"'), "", changed(service="two", sku="?"))
    assert [row.line for row in found.rows] == [2]
    assert [fault.line for fault in found.faults] == [5]


def test_a_sku_stands_once() -> None:
    """The second line with it is the wrong one."""
    assert told(GOOD, changed(service="two")) == ["line 3: sku: Stands on line 2 already."]


def test_lines_of_one_service_agree() -> None:
    """On kind, category and title."""
    assert told(GOOD, changed(sku="VW-LAMP2", category="office")) == [
        "line 3: category: Differs from line 2 of the same service."
    ]
    assert [
        len(rows) for rows in grouped(parsed(GOOD, changed(sku="VW-LAMP2"), changed(service="b", sku="VW-B")).rows)
    ] == [2, 1]


@pytest.mark.parametrize("header", ["", "vendor,service", HEADER + ",extra", HEADER.replace("sku", "SKU")])
def test_the_columns_are_those_that_are_known(header: str) -> None:
    """In any order, but all of them and no other."""
    found = parse([header, GOOD])
    assert [(fault.line, fault.field) for fault in found.faults] == [(1, "header")]
    assert found.rows == []
    backwards = ",".join(reversed(COLUMNS))
    assert parse([backwards]).faults == []


def test_a_line_has_all_its_cells() -> None:
    """Fewer or more are no row; the lines after it still are."""
    found = parsed("Voltworks,lamp", GOOD)
    assert found.faults == [Fault(2, "line", "Has 2 cells instead of 11.")]
    assert [row.line for row in found.rows] == [3]


def test_a_broken_quote_ends_the_reading() -> None:
    """What stood before it is kept."""
    found = parsed(GOOD, '"Voltworks"x,')
    assert [(fault.line, fault.field) for fault in found.faults] == [(3, "line")]
    assert [row.line for row in found.rows] == [2]


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever the file holds, it is rows and faults."""
    found = parse(io.StringIO(f"{HEADER}\n{text}", newline=""))
    assert {row.line for row in found.rows}.isdisjoint({fault.line for fault in found.faults})


@given(st.integers(min_value=0, max_value=10**9))
def test_durations_come_back(seconds: int) -> None:
    """Text and seconds say the same."""
    assert seconds_of(duration_of(seconds)) == seconds


@pytest.mark.parametrize("text", ["", "P", "PT", "1H", "P1M", "PT1.5H", "-PT1H", "PT1H ", "P1DT"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    """Months, fractions and signs are not understood."""
    with pytest.raises(ValueError, match="duration"):
        seconds_of(text)
