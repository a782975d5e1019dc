"""How often the tests that race repeat themselves: hundreds by default; `portcullis prove` asks for the long counts."""

from __future__ import annotations

import os


def _asked(name: str, usual: int) -> int:
    return int(os.environ.get(name) or usual)


# Changes between question and write, for each kind of proof.
RACES = _asked("PORTCULLIS_RACES", 100)
# Races for the last units over HTTP, for each number of buyers.
STOCK_RACES = _asked("PORTCULLIS_STOCK_RACES", 3)
# Two opposite actions on one order at the same instant over HTTP, for each pair.
DUELS = _asked("PORTCULLIS_DUELS", 12)
# Random walks over the machines, and random amounts of money, for each law.
WALKS = _asked("PORTCULLIS_WALKS", 300)
