"""The one write: what it writes, what it answers, and what it refuses."""

from __future__ import annotations

import asyncpg
import pytest

from db.ids import new_id
from tests.db.world import World, advance, create


async def test_a_marketplace_can_be_seeded(world: World, owner: asyncpg.Connection) -> None:
    """Every row has its newest journal row, and the gateway wrote none of them itself."""
    assert await owner.fetchval("select count(*) from journal") > 10
    assert await owner.fetchval("select state from service where id = $1", world.service) == "published"


async def test_a_variant_gets_stock(world: World, owner: asyncpg.Connection) -> None:
    """One change makes a variant, its price and its stock."""
    variant = await world.variant(5)
    assert await owner.fetchval("select on_hand from stock where variant = $1", variant) == 5
