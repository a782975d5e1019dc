"""The demo's placed orders: real checkouts of real carts, authorized by the payment provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cli import seed_catalog
from cli.bootstrap import BootstrapError
from cli.bootstrap_ports import bootstrap_ports
from cli.seed_data import CURRENCY, load, seeded
from cli.seed_people import person_of
from domain.act import act
from domain.command import Actor, Command, Outcome, Ref, Request
from domain.money import Money
from domain.pricing import Line, price
from domain.refusals import InProgress
from domain.saga import settle

if TYPE_CHECKING:
    from cli.bootstrap import Bootstrap
    from domain.ports import Ports
    from wiring.settings import Settings

COUNTRY = "DE"
TOKEN = "pm_ok"  # noqa: S105 - a public test token of the sandbox
TRIES = 15  # of a checkout that a killed seed left half done: its lease has to lapse first


async def place_orders(settings: Settings, bootstrap: Bootstrap) -> int:
    """Place those that are not there yet; how many there are."""
    orders = load("orders")
    async with bootstrap_ports(settings, bootstrap) as ports:
        for number, one in enumerate(orders, start=1):
            await _Checkout(ports, f"seed-order-{number}", one).run()
    return len(orders)


class _Checkout:
    """One buyer's way from an empty cart to a placed order; its keys make it repeatable."""

    def __init__(self, ports: Ports, name: str, one: Mapping[str, Any]) -> None:
        self.ports, self.name, self.one = ports, name, one
        self.home = seeded("organization", one["organization"])
        self.actor = Actor(self.home, person_of(one["buyer"]))

    async def run(self) -> None:
        about = Ref("organization", self.home, self.home)
        cart = (await self.do("cart.create", organization=about, currency=CURRENCY)).nouns["cart"]
        for sku, quantity in self.one["lines"].items():
            await self.do("cart_line.add", cart, key=sku, sku=sku, quantity=quantity)
        await self.do(
            "checkout.complete",
            cart,
            expected_total=self.total(),
            _payment_method_token=TOKEN,
            _shipping_address=None,
            _billing_address=None,
            _reference=None,
        )

    def total(self) -> Money:
        prices = {v["sku"]: v["price"] for one in seed_catalog.services() for v in one["variants"]}
        lines = [Line(seeded("line", sku), prices[sku], number) for sku, number in self.one["lines"].items()]
        return Money(price(lines, COUNTRY).totals.total_minor, CURRENCY)

    async def do(self, action: str, target: Ref | None = None, key: str = "", **args: Any) -> Outcome:
        """One action under its own key; waits for whoever is at it. Raises `BootstrapError` when it is refused."""
        name = f"{self.name}:{action}:{key}"
        request = Request(request_id=name, trace_id=seeded("trace", name).hex, channel="seed")
        command = Command(action, self.actor, request, target, args, key=name, fingerprint=name.encode())
        for _ in range(TRIES):
            outcome = await settle(await act(command, self.ports), command, self.ports)
            if outcome.refusal is None:
                return outcome
            if not isinstance(outcome.refusal, InProgress):
                raise BootstrapError(f"{name}: {outcome.refusal}")
        raise BootstrapError(f"{name}: still under way; seed again")
