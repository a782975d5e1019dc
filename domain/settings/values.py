"""The values of runtime settings: canonical text in the database, numbers and switches for rules and policy."""

from __future__ import annotations

import re

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_SECONDS = (86_400, 3_600, 60, 1)


def value_of(kind: str, text: str) -> int | str | bool:
    """What rules and policy read: whole numbers (a duration in seconds), true or false, or text."""
    if kind in ("integer", "basis_points"):
        return int(text)
    if kind == "duration":
        return seconds_of(text)
    return text == "true" if kind == "boolean" else text


def seconds_of(duration: str) -> int:
    """The seconds of an ISO 8601 duration of days, hours, minutes and seconds; raises `ValueError`.

    >>> seconds_of("P1DT2H"), seconds_of("PT15M")
    (93600, 900)
    """
    found = _DURATION.fullmatch(duration)
    if found is None or not any(found.groups()):
        raise ValueError(f"{duration} is not a duration of days, hours, minutes and seconds")
    return sum(int(number or 0) * unit for number, unit in zip(found.groups(), _SECONDS, strict=True))


def duration_of(seconds: int) -> str:
    """The same, the other way; the shortest text with the largest units.

    >>> duration_of(93600), duration_of(0)
    ('P1DT2H', 'PT0S')
    """
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    clock = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (left, "S")) if number)
    if not days and not clock:
        return "PT0S"
    return "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
