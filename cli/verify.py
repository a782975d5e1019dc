"""`portcullis verify`: every invariant on the database, the journal's leaves, and the payment provider's agreement."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import asyncpg

    from adapters.payments.settings import PaymentsSettings
    from db.invariants import Finding
    from domain.payments.provider import ProviderAuthorization

CONNECT_S = 10


def command(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Run every invariant on the database, as its owner, in one snapshot; exit 1 when one of them does not hold."""
    from wiring.databases import database_urls
    from wiring.settings import Settings, payments_settings

    try:
        findings = asyncio.run(verified(database_urls(Settings()).owner, payments_settings()))
    except OSError as error:
        typer.echo(f"portcullis: the database does not answer: {error}", err=True)
        raise typer.Exit(1) from None
    violations = sum(finding.violations for finding in findings)
    if as_json:
        rows = [{"check": f.check, "rows": f.rows, "violations": f.violations} for f in findings]
        typer.echo(json.dumps(rows, indent=1))
    else:
        for finding in findings:
            tell(finding)
        typer.echo(f"{len(findings)} checks, {violations} violations")
    raise typer.Exit(1 if violations else 0)


def tell(finding: Finding) -> None:
    """One line for a check that fails, and one for each of its first examples."""
    if not finding.violations:
        return
    typer.echo(f"{finding.check}: {finding.violations} violations in {finding.rows} rows. {finding.says}")
    for example in finding.examples:
        typer.echo(f"  {example}")


async def verified(owner_dsn: str, payments: PaymentsSettings) -> list[Finding]:
    """Every finding. The provider is read before the snapshot: what it has charged by then, we must know."""
    import asyncpg

    there = await provider_books(payments)
    connection = await asyncpg.connect(owner_dsn, timeout=CONNECT_S)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            findings = await database_findings(connection)
            if there is not None:
                findings.append(await agreement(connection, payments, there))
            return findings
    finally:
        await connection.close()


async def database_findings(connection: asyncpg.Connection) -> list[Finding]:
    """What the database alone can tell, in the snapshot of the caller's transaction."""
    from db.invariants import examine, examine_leaves, invariants

    await connection.execute("set local statement_timeout = 0")
    return [
        *[await examine(connection, invariant) for invariant in invariants()],
        await examine_leaves(connection),
    ]


async def provider_books(payments: PaymentsSettings) -> list[ProviderAuthorization] | None:
    """Everything that the provider has; None, and a word about it, when it does not answer."""
    from adapters.payments.client import PaymentsClient
    from domain.payments.provider import ProviderUnavailableError

    try:
        async with PaymentsClient(payments.payments_url, payments.payments_key.get_secret_value()) as client:
            return [found async for found in client.list_all()]
    except ProviderUnavailableError as error:
        typer.echo(f"payment provider not compared: {payments.payments_url} does not answer ({error})", err=True)
        return None


async def agreement(
    connection: asyncpg.Connection, payments: PaymentsSettings, there: list[ProviderAuthorization]
) -> Finding:
    """Differences are looked at once more, because the provider's books went on between the two readings."""
    from adapters.payments.client import PaymentsClient
    from cli import provider_agreement as compare
    from db.invariants import Finding

    ours = await compare.our_books(connection)
    suspects = {difference.reference for difference in compare.differences(ours, there)}
    async with PaymentsClient(payments.payments_url, payments.payments_key.get_secret_value()) as client:
        again = [found for reference in sorted(suspects) for found in await client.find(reference)]
    broken = compare.differences([book for book in ours if book.number in suspects], again)
    examples = tuple(f"{difference.reference}: {difference.what}" for difference in broken[:5])
    return Finding(compare.CHECK, compare.SAYS, len(ours) + len(there), len(broken), examples)
