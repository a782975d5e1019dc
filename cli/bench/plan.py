"""The course of the measurement: fill the shop, let the sides of each row take turns, count, look at the memory."""

from __future__ import annotations

import itertools
import json
import os
import platform
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.bench import shop
from cli.bench.floor_process import Floors, floors
from cli.bench.load import Load, Sample, post, turn
from cli.bench.market import Market
from cli.bench.questions import questions
from cli.bench.report import FLOORS, OURS, PerOperation, Report, Row, Side
from cli.bench.statements import counting
from cli.bench.usage import cpu, memory, spent
from cli.client import Client

COUNTED = 10  # operations of which statements and questions are counted
READERS, LISTERS, CHANGERS = 64, 16, 16


class DifferentError(RuntimeError):
    """A floor answers something else than the gateway: their figures could not be compared."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How long it goes on."""

    rounds: int
    seconds: float
    changes: int

    @property
    def all_changes(self) -> int:
        return self.changes * (self.rounds + 1) + COUNTED  # the first turn warms up


@dataclass(slots=True)
class Bench:
    """One measurement under way."""

    market: Market
    extent: Extent
    floors: Floors
    pids: Mapping[str, int]

    async def turn(self, side: Side | None, load: Load, clients: int, **until: Any) -> Sample:
        """One turn; without a side it only warms up."""
        before = cpu(self.pids)
        sample = await turn(load, clients, **until)
        if side is not None:
            side.add(sample, spent(before, cpu(self.pids)))
        return sample

    async def row(self, row: Row, loads: Mapping[str, Load], **until: Any) -> None:
        """Warm up, then `rounds` times each side in turn, and count."""
        row.sides = {name: Side() for name in loads}
        for name, load in loads.items():
            await self.turn(None, load, row.clients, **self._until(name, until))
        for number in range(self.extent.rounds):
            names = list(loads)
            for name in names[number % len(names) :] + names[: number % len(names)]:
                await self.turn(row.sides[name], loads[name], row.clients, **self._until(name, until))
        row.per_operation = await self._per_operation(loads[OURS])

    def _until(self, name: str, until: Mapping[str, Any]) -> Mapping[str, Any]:
        """Floors have enough to change for as long as a read takes."""
        return until if name == OURS else {"seconds": self.extent.seconds}

    async def _per_operation(self, load: Load) -> PerOperation | None:
        if self.market.settings.database_url is not None:
            return None
        asked = await questions(load.url)
        async with counting(self.market) as counted:
            sample = await turn(load, 1, most=COUNTED)
        done = len(sample.latencies)
        asked = await questions(load.url) - asked
        return PerOperation(counted.statements / done, counted.round_trips / done, counted.writes / done, asked / done)


async def measured(market: Market, extent: Extent) -> Report:
    pids = {name: market.pid(name) for name in ("gateway", "worker", "opa", "postgres", "payments") if market.has(name)}
    async with Client(market.url) as client, floors(market, extent.all_changes * 60) as below:
        bench = Bench(market, extent, below, {**pids, "floor": below.pid})
        await shop.stock_up(client, extent.all_changes)
        ready = await shop.carts(client, extent.all_changes)
        checkout, orders = await _checkout(bench, await client.sign_in(shop.BUYER), ready)
        rows = [
            *await _reads(bench, await client.sign_in(shop.BUYER), [order["number"] for order in orders]),
            await _approval(bench, await client.sign_in(shop.APPROVER), orders),
            checkout,
        ]
    found = {name: memory(pids[name]) for name in ("gateway", "worker")}
    return Report(_machine(), rows, found)


async def _checkout(bench: Bench, token: str, ready: Sequence[dict[str, Any]]) -> tuple[Row, list[dict[str, Any]]]:
    row = Row("whole checkout", CHANGERS, cpu_at_most=20.0)
    answers: list[bytes] = []

    def is_placed(status: int, body: bytes) -> bool:
        answers.append(body)
        return status == 200 and b'"state":"PLACED"' in body and b'"errors"' not in body

    asked = iter([shop.asked(token, shop.CHECKOUT, {"input": given}) for given in ready])
    await bench.row(row, {OURS: Load(bench.market.url, asked, is_placed)}, most=bench.extent.changes)
    return row, shop.placed(answers)


async def _reads(bench: Bench, token: str, numbers: Sequence[str]) -> list[Row]:
    one = Row("one order with its lines", READERS, at_least=0.05)
    many = Row("20 orders, nested", LISTERS)
    loads = {OURS: Load(bench.market.url, _cycled(token, shop.ORDER, numbers), _is_order)}
    for name in FLOORS:
        asked = (post(f"/{name}/order", json.dumps({"number": number}).encode()) for number in itertools.cycle(numbers))
        loads[name] = Load(bench.floors.url, asked, _is_order)
    await _assert_equal(loads)
    await bench.row(one, loads, seconds=bench.extent.seconds)
    lists = {OURS: Load(bench.market.url, itertools.repeat(shop.asked(token, shop.ORDERS, {})), _is_order)}
    for name in FLOORS:
        lists[name] = Load(bench.floors.url, itertools.repeat(post(f"/{name}/orders", b"{}")), _is_order)
    await _assert_equal(lists)
    await bench.row(many, lists, seconds=bench.extent.seconds)
    return [one, many]


async def _approval(bench: Bench, token: str, orders: Sequence[dict[str, Any]]) -> Row:
    row = Row("orderApprove", CHANGERS, at_least=0.15)
    loads = {OURS: Load(bench.market.url, (shop.approval(token, order) for order in orders), _is_approved)}
    for name, below in bench.floors.orders.items():
        asked = (
            post(f"/{name}/approve", json.dumps({"order": order, "key": secrets.token_hex(16)}).encode())
            for order in below
        )
        loads[name] = Load(bench.floors.url, asked, _is_approved)
    await bench.row(row, loads, most=bench.extent.changes)
    return row


def _cycled(token: str, document: str, numbers: Sequence[str]) -> Iterator[bytes]:
    return (shop.asked(token, document, {"number": number}) for number in itertools.cycle(numbers))


def _is_order(status: int, body: bytes) -> bool:
    return status == 200 and b'"lines":[{' in body and b'"errors"' not in body


def _is_approved(status: int, body: bytes) -> bool:
    return status == 200 and b'"state":"APPROVED"' in body and b'"refusal":null' in body


async def _assert_equal(loads: Mapping[str, Load]) -> None:
    """The first answers of all sides say the same."""
    answers = {name: json.loads((await turn(load, 1, most=1)).answers[0]) for name, load in loads.items()}
    if any(answer != answers[OURS] for answer in answers.values()):
        raise DifferentError(json.dumps(answers, indent=1))


def _machine() -> dict[str, str]:
    return {"Python": platform.python_version(), "processors": str(len(os.sched_getaffinity(0)))}
