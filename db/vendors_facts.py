"""What a vendor is judged by: its row alone."""

from __future__ import annotations

from db.facts import FactsQuery, of_row

FACTS: dict[str, FactsQuery] = {"vendor": of_row("vendor")}
