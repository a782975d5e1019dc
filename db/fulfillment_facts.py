"""What a shipment is judged by: no more than its row, since it moves with its order."""

from __future__ import annotations

from db.facts import FactsQuery, of_row

FACTS: dict[str, FactsQuery] = {"shipment": of_row("shipment")}
