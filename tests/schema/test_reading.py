"""What each of the people reads, through the whole schema and a real database."""

from __future__ import annotations

from tests.schema.demo import Demo

ORDERS = """{ orders { totalCount edges { node { number state label stateName buyer { name } vendor { name }
  lines { sku quantity totals { total { decimal } } } totals { total { minor currency decimal } } } } } }"""


async def test_a_buyer_reads_the_orders_of_its_organization(demo: Demo) -> None:
    found = await demo.data("buyer@acme.example", ORDERS)
    print(found)
    assert {edge["node"]["buyer"]["name"] for edge in found["orders"]["edges"]} == {"Acme"}
