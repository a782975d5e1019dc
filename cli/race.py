"""`portcullis race`: many buyers want the same units at the same instant; the payment provider says who was charged."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from adapters.payments.settings import PaymentsSettings
    from cli.client import Client
    from cli.race_setup import Buyer, Field

SELECTION = "purchase { number state }"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one race; `others` are the answers that were neither a purchase nor out of stock."""

    placed: int
    out_of_stock: int
    other: int
    charged: int
    others: tuple[str, ...] = ()

    def is_fair(self, stock: int, buyers: int) -> bool:
        return self.placed == min(stock, buyers) == self.charged and self.other == 0

    def __str__(self) -> str:
        return f"placed {self.placed}, out_of_stock {self.out_of_stock}, other {self.other}, charged {self.charged}"


def command(
    stock: Annotated[int, typer.Option(min=1, max=10_000, help="Units that there are.")] = 1,
    buyers: Annotated[int, typer.Option(min=1, max=1_000, help="Buyers who want one each.")] = 16,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Let fresh buyers check out a fresh SKU at the same instant, over HTTP, against the running marketplace.

    Exit 1 unless exactly as many are placed as there are units, everybody else is told OUT_OF_STOCK, and the payment
    provider charged exactly those who got one.
    """
    from cli.client import ClientError
    from domain.payments.provider import ProviderUnavailableError
    from wiring.settings import Settings, payments_settings

    try:
        result = asyncio.run(race(Settings().url, payments_settings(), stock, buyers))
    except (ClientError, ProviderUnavailableError) as error:
        typer.echo(f"portcullis: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps(asdict(result)) if as_json else str(result))
    for other in result.others:
        typer.echo(f"  {other}", err=True)
    raise typer.Exit(0 if result.is_fair(stock, buyers) else 1)


async def race(url: str, payments: PaymentsSettings, stock: int, buyers: int) -> Result:
    from cli.client import Client
    from cli.race_setup import prepared

    async with Client(url, connections=buyers) as client:
        field = await prepared(client, stock, buyers)
        answers = await _run(client, field)
    placed = [p for p in answers if p["refusal"] is None and p["purchase"]["state"] == "PLACED"]
    sold_out = [p for p in answers if p["refusal"] is not None and p["refusal"]["code"] == "OUT_OF_STOCK"]
    others = [p for p in answers if p not in placed and p not in sold_out]
    charged = await charged_for(payments, field.code)
    return Result(len(placed), len(sold_out), len(others), charged, tuple(str(other) for other in others))


async def _run(client: Client, field: Field) -> list[dict[str, Any]]:
    """Everybody waits at the line, with a connection open, until the last one is there."""
    from cli.race_setup import order

    line = asyncio.Barrier(len(field.buyers))

    async def check_out(buyer: Buyer) -> dict[str, Any]:
        await client.ask(buyer.login, "{ viewer { cart { id } } }")
        await line.wait()
        payload: dict[str, Any] = await client.act(
            buyer.login, "checkoutComplete", SELECTION, **order(buyer, field.total)
        )
        return payload

    return list(await asyncio.gather(*(check_out(buyer) for buyer in field.buyers)))


async def charged_for(payments: PaymentsSettings, code: str) -> int:
    """Charges in the provider's own books under the purchase numbers of this race; nothing of ours is asked."""
    from adapters.payments.client import PaymentsClient

    async with PaymentsClient(payments.payments_url, payments.payments_key.get_secret_value()) as client:
        return len([f async for f in client.list_all() if f.reference.startswith(f"{code}-") and f.is_charge])
