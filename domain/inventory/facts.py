"""What the rules of stock need to know beyond what every rule knows."""

from __future__ import annotations

from dataclasses import dataclass

from domain.command import Ref


@dataclass(frozen=True, slots=True)
class StockHad:
    """The two numbers of one variant's stock: what is held is part of what is on hand."""

    variant: Ref
    sku: str
    on_hand: int
    reserved: int
