"""Catalogs in and out of the marketplace as CSV: before it opens by the seed's way, later as somebody who may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from cli.bootstrap import Bootstrap, connect
from cli.seed import bootstrapping, foundation, progress
from db import catalog
from db.catalog import ServiceNamed, VendorNamed
from db.ids import new_id
from domain.act import act
from domain.command import Actor, Command, Ref, Request
from domain.importing import COLUMNS, Fault, Parsed, Row, grouped, parse
from domain.refusals import Invalid, Refusal
from domain.settings.values import duration_of
from domain.spreadsheets import guarded

if TYPE_CHECKING:
    from wiring.runtime import Runtime
    from wiring.settings import Settings


class TransferError(RuntimeError):
    """Nothing can be imported at all; the message says why."""


@dataclass(slots=True)
class Imported:
    """How many variants were written, and what is wrong with the other lines."""

    variants: int = 0
    faults: list[Fault] = field(default_factory=list)


class Writer(Protocol):
    """One way of writing the rows of one service; answers the faults of the rows that were refused."""

    async def write(self, vendor: VendorNamed, rows: Sequence[Row], known: ServiceNamed | None) -> list[Fault]: ...


async def import_services(settings: Settings, file: Path, login: str | None) -> Imported:
    """Every good line is written, every bad one is told. Raises `TransferError`."""
    parsed = read(file)
    if login is not None:
        from wiring.runtime import open_runtime

        async with open_runtime(settings, "gateway") as runtime:
            actor = await _actor(runtime, login)
            return await _written(runtime.pool, actor.organization, parsed, ByLogin(runtime, actor))
    async with bootstrapping(settings) as (bootstrap, opened):
        if opened:
            raise TransferError("The marketplace is open: say as whom to import, with --as LOGIN.")
        await foundation(settings, bootstrap)
        return await _written(bootstrap.connection, bootstrap.platform, parsed, ByBootstrap(bootstrap))


def read(file: Path) -> Parsed:
    """The file's rows and faults; bytes that are no UTF-8 are faults of their line."""
    try:
        with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            return parse(text)
    except OSError as error:
        raise TransferError(f"{file}: {error.strerror}") from error


async def _actor(runtime: Runtime, login: str) -> Actor:
    from db.sessions import identify

    known = await identify(runtime.pool, runtime.settings.issuer, login, "")
    if known is None or known.organization is None:
        raise TransferError(f"{login} has no account here, or acts for no organization.")
    return Actor(UUID(int=known.organization.int), UUID(int=known.person.int), UUID(int=known.account.int))


async def _written(connection: Any, acting: UUID, parsed: Parsed, writer: Writer) -> Imported:
    """Services one after the other, each with all its good lines."""
    named = _by_name(await catalog.vendors(connection, acting))
    homes = sorted({vendor.organization for vendor in named.values()}, key=str)
    known = {(one.organization, one.title): one for one in await catalog.services(connection, acting, homes)}
    taken = await catalog.taken(connection, acting, [row.sku for row in parsed.rows])
    imported = Imported(faults=list(parsed.faults))
    with progress() as show:
        for rows in show(grouped(parsed.rows)):
            vendor = named.get(rows[0].vendor.casefold())
            if vendor is None:
                imported.faults += [Fault(row.line, "vendor", "No vendor has this name or code.") for row in rows]
                continue
            service = known.get((vendor.organization, rows[0].title))
            good, faults = _sorted_out(rows, service, taken)
            faults += await writer.write(vendor, good, service) if good else []
            imported.variants += len(rows) - len({fault.line for fault in faults})
            imported.faults += faults
    imported.faults.sort(key=lambda fault: fault.line)
    return imported


def _by_name(vendors: Sequence[VendorNamed]) -> dict[str, VendorNamed]:
    """By code and, before that, by name; case does not count."""
    return {one.code.casefold(): one for one in vendors} | {one.name.casefold(): one for one in vendors}


def _sorted_out(rows: Sequence[Row], service: ServiceNamed | None, taken: set[str]) -> tuple[list[Row], list[Fault]]:
    """What the database already contradicts."""
    faults = [Fault(row.line, "sku", "Another variant has this SKU.") for row in rows if row.sku in taken]
    if service is not None and service.kind != rows[0].kind:
        faults += [Fault(row.line, "kind", f"This service is of kind {service.kind} already.") for row in rows]
    bad = {fault.line for fault in faults}
    return [row for row in rows if row.line not in bad], faults


@dataclass(frozen=True, slots=True)
class ByBootstrap:
    """Before the marketplace is open: each service with its variants in one transaction."""

    bootstrap: Bootstrap

    async def write(self, vendor: VendorNamed, rows: Sequence[Row], known: ServiceNamed | None) -> list[Fault]:
        from cli import seed_catalog

        variants = [
            {
                "sku": row.sku,
                "title": row.variant,
                "price": row.price.minor,
                "currency": row.price.currency,
                "stock": row.stock,
                "duration_s": row.duration_s,
            }
            for row in rows
        ]
        one = {
            "vendor": vendor.name,
            "title": rows[0].title,
            "kind": rows[0].kind,
            "category": rows[0].category,
            "description": "",
            "variants": variants,
        }
        effects = seed_catalog.service(one) if known is None else seed_catalog.variants(one)
        await self.bootstrap.write(f"import:{rows[0].sku}", list(effects))
        return []


@dataclass(frozen=True, slots=True)
class ByLogin:
    """On an open marketplace: step by step, each decided by policy as for anybody else."""

    runtime: Runtime
    actor: Actor

    async def write(self, vendor: VendorNamed, rows: Sequence[Row], known: ServiceNamed | None) -> list[Fault]:
        service = Ref("service", known.organization, known.id) if known else await self._service(vendor, rows[0])
        if not isinstance(service, Ref):
            return [fault for row in rows for fault in faults_of(row, service)]
        faults = [fault for row in rows for fault in await self._variant(service, row)]
        if known is not None and known.state != "draft":
            return faults
        if len({fault.line for fault in faults}) < len(rows):
            published = await self._do("service.publish", service)
            faults += [fault for fault in faults_of(rows[0], published) if not isinstance(published, Ref)]
        return faults

    async def _service(self, vendor: VendorNamed, row: Row) -> Ref | Refusal:
        return await self._do(
            "service.create",
            vendor=Ref("vendor", vendor.organization, vendor.id),
            kind=row.kind,
            category=row.category,
            _title=row.title,
            _description="",
        )

    async def _variant(self, service: Ref, row: Row) -> list[Fault]:
        variant = await self._do(
            "variant.create",
            service=service,
            sku=row.sku,
            _title=row.variant,
            price=row.price,
            duration_s=row.duration_s,
        )
        if isinstance(variant, Ref) and row.stock:
            variant = await self._do("stock.adjust", variant, delta=row.stock, _reason="Imported with the catalog.")
        return [] if isinstance(variant, Ref) else faults_of(row, variant)

    async def _do(self, action: str, target: Ref | None = None, **args: Any) -> Ref | Refusal:
        id = new_id()
        request = Request(request_id=f"import-{id}", trace_id=id.hex, channel="cli")
        outcome = await act(Command(action, self.actor, request, target, args), self.runtime.ports)
        if outcome.refusal is not None:
            return outcome.refusal
        return next(iter(outcome.nouns.values()))


# Where an argument of an action comes from, when the column has another name.
_COLUMN_OF = {"price": "price_minor", "vendorId": "vendor", "serviceId": "service", "delta": "stock"}


def faults_of(row: Row, refusal: Ref | Refusal) -> list[Fault]:
    """A refusal told like a fault of the file."""
    if isinstance(refusal, Ref):
        return []
    if isinstance(refusal, Invalid):
        return [Fault(row.line, _COLUMN_OF.get(v.field[0], v.field[0]), v.message) for v in refusal.violations]
    return [Fault(row.line, "vendor", refusal.message)]


async def export_services(settings: Settings, write: Callable[[Sequence[Any]], Any]) -> int:
    """Every variant with its price and stock now, in the form that can be imported; how many."""
    connection = await connect(settings)
    try:
        rows = await catalog.exported(connection)
    finally:
        await connection.close()
    write(COLUMNS)
    for row in rows:
        *texts, stock, seconds = row
        texts = [guarded(cell) if isinstance(cell, str) else cell for cell in texts]
        write([*texts, "" if stock is None else stock, "" if seconds is None else duration_of(seconds)])
    return len(rows)
