"""What a runtime setting is judged by: its row alone."""

from __future__ import annotations

from db.facts import FactsQuery, of_row

FACTS: dict[str, FactsQuery] = {"runtime_setting": of_row("runtime_setting")}
