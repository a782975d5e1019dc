"""How many questions a gateway has asked its policy engine, read off its own metrics."""

from __future__ import annotations

import re

import aiohttp

_ASKED = re.compile(r"^portcullis_policy_seconds_count\{[^}]*\} ([\d.e+]+)$", re.MULTILINE)


async def questions(url: str) -> float:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/metrics") as answer:
        return sum(float(count) for count in _ASKED.findall(await answer.text()))
