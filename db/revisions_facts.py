"""What a revision of the policy is judged by: its row alone."""

from __future__ import annotations

from db.facts import FactsQuery, of_row

FACTS: dict[str, FactsQuery] = {"policy_revision": of_row("policy_revision")}
