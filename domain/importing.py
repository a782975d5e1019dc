"""A catalog as CSV text: every line becomes a row or is told what is wrong with it; writes nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from domain.inventory.stock import LARGEST_DELTA
from domain.money import Money
from domain.refusals import Violation
from domain.services.rules import CATEGORY, KINDS, duration_violation, price_violations, sku_violation
from domain.settings.values import seconds_of
from domain.spreadsheets import unguarded
from domain.text import LINE, text_violation

COLUMNS = (
    "vendor",
    "service",
    "kind",
    "category",
    "title",
    "sku",
    "variant",
    "price_minor",
    "currency",
    "stock",
    "duration",
)
_TEXTS = {"vendor": LINE, "service": LINE, "category": CATEGORY, "title": LINE, "variant": LINE}
_DIGITS = 15  # more cannot be an amount


@dataclass(frozen=True, slots=True)
class Row:
    """One variant of one service; rows of one vendor with the same `service` are variants of one service."""

    line: int
    vendor: str
    service: str
    kind: str
    category: str
    title: str
    sku: str
    variant: str
    price: Money
    stock: int | None
    duration_s: int | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one line."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.message}"


@dataclass(slots=True)
class Parsed:
    """What a file holds: every line is either a row or has at least one fault."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def parse(text: Iterable[str]) -> Parsed:
    """Read a whole file, its first line being the names of the columns in any order."""
    parsed = Parsed()
    try:
        for line, cells in _records(text, parsed):
            _read(line, cells, parsed)
    except csv.Error as error:
        parsed.faults.append(Fault(_next_line(parsed), "line", str(error)))
    return _consistent(parsed)


def _records(text: Iterable[str], parsed: Parsed) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Line number and cells of every record that has the right number of cells; empty lines are left out."""
    reader = csv.reader(text, strict=True)
    header = [name.strip() for name in next(reader, [])]
    if sorted(header) != sorted(COLUMNS):
        parsed.faults.append(Fault(1, "header", f"The columns must be {','.join(COLUMNS)}."))
        return
    begins = reader.line_num + 1
    for cells in reader:
        line, begins = begins, reader.line_num + 1
        if len(cells) == len(header):
            yield line, {name: unguarded(cell.strip()) for name, cell in zip(header, cells, strict=True)}
        elif cells:
            parsed.faults.append(Fault(line, "line", f"Has {len(cells)} cells instead of {len(header)}."))


def _next_line(parsed: Parsed) -> int:
    return max([1, *(row.line for row in parsed.rows), *(fault.line for fault in parsed.faults)]) + 1


def _read(line: int, cells: Mapping[str, str], parsed: Parsed) -> None:
    kind, faults = cells["kind"].lower(), _Faults(line)
    price = Money(faults.whole("price_minor", cells["price_minor"]) or 0, cells["currency"].upper())
    stock = faults.whole("stock", cells["stock"], most=LARGEST_DELTA) if kind == "stock" else None
    duration = faults.duration(cells["duration"])
    for name, limit in _TEXTS.items():
        faults.add(name, text_violation(name, cells[name], limit))
    faults.add("sku", sku_violation(cells["sku"]))
    if kind not in KINDS:
        faults.say("kind", f"Must be one of {', '.join(KINDS)}.")
    elif not faults.about("duration"):
        faults.add("duration", duration_violation(kind, duration))
    if kind == "slot" and cells["stock"]:
        faults.say("stock", "Slots are not counted in stock.")
    if not faults.about("price_minor"):
        for violation in price_violations("price", price):
            faults.add("currency" if violation.field[-1] == "currency" else "price_minor", violation)
    if faults.found:
        parsed.faults.extend(faults.found)
        return
    texts = {name: cells[name] for name in _TEXTS}
    parsed.rows.append(Row(line, kind=kind, sku=cells["sku"], price=price, stock=stock, duration_s=duration, **texts))


class _Faults:
    """The faults of one line as they are found."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.found: list[Fault] = []

    def say(self, field: str, message: str) -> None:
        self.found.append(Fault(self.line, field, message))

    def add(self, field: str, violation: Violation | None) -> None:
        if violation is not None:
            self.say(field, violation.message)

    def about(self, field: str) -> bool:
        return any(fault.field == field for fault in self.found)

    def whole(self, field: str, text: str, most: int | None = None) -> int | None:
        if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
            self.say(field, "Must be a whole number, digits only.")
            return None
        number = int(text)
        if most is not None and number > most:
            self.say(field, f"Must be at most {most}.")
        return number

    def duration(self, text: str) -> int | None:
        try:
            return seconds_of(text) if text else None
        except ValueError:
            self.say("duration", "Must be an ISO 8601 duration such as PT2H.")
            return None


def _consistent(parsed: Parsed) -> Parsed:
    """A SKU stands once; all lines of one service agree on what it is. The later line is the wrong one."""
    skus: dict[str, int] = {}
    services: dict[tuple[str, str], Row] = {}
    kept = Parsed(faults=parsed.faults)
    for row in parsed.rows:
        faults = _Faults(row.line)
        first = services.setdefault((row.vendor, row.service), row)
        for name in ("kind", "category", "title"):
            if getattr(first, name) != getattr(row, name):
                faults.say(name, f"Differs from line {first.line} of the same service.")
        if skus.setdefault(row.sku, row.line) != row.line:
            faults.say("sku", f"Stands on line {skus[row.sku]} already.")
        kept.faults.extend(faults.found)
        if not faults.found:
            kept.rows.append(row)
    kept.faults.sort(key=lambda fault: fault.line)
    return kept


def grouped(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each service, in the order of first mention."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.vendor, row.service), []).append(row)
    return list(found.values())
