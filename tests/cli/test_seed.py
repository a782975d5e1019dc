"""The demo marketplace, to the letter of its contract; seeding twice, seeding on after a crash, changed rules."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from adapters.opa.tree import POLICIES
from cli.bootstrap import BootstrapError
from cli.bootstrap_ports import APPROVAL, AUTO_APPROVAL
from cli.revision import RevisionError, assert_loadable, installed
from cli.seed import bootstrapping, foundation, seed
from cli.seed_data import generated, seeded
from cli.seed_people import platform
from db import write
from domain.plan import create
from tests.adapters.payments.process import Sandbox
from tests.conftest import Database
from wiring.settings import Profile, Settings

# Login -> organization, roles and spend limit per purchase in minor units.
PEOPLE = {
    "buyer@acme.example": ("Acme", ["buyer"], 100_000),
    "approver@acme.example": ("Acme", ["buyer", "buyer_approver"], None),
    "admin@acme.example": ("Acme", ["organization_admin"], None),
    "buyer@globex.example": ("Globex", ["buyer"], 10_000_000),
    "manager@voltworks.example": ("Voltworks", ["organization_admin", "vendor_manager"], None),
    "fulfillment@voltworks.example": ("Voltworks", ["fulfillment_agent"], None),
    "manager@brightclean.example": ("Brightclean", ["vendor_manager"], None),
    "fulfillment@brightclean.example": ("Brightclean", ["fulfillment_agent"], None),
    "service@platform.example": ("Platform", ["service_manager"], None),
    "service2@platform.example": ("Platform", ["service_manager"], None),
    "finance@platform.example": ("Platform", ["finance"], None),
    "support@platform.example": ("Platform", ["support"], None),
    "auditor@platform.example": ("Platform", ["auditor"], None),
    "operator@platform.example": ("Platform", ["operator"], None),
    "author@platform.example": ("Platform", ["compliance_author"], None),
    "compliance@platform.example": ("Platform", ["compliance_approver"], None),
    "double@acme.example": ("Acme", ["buyer"], None),
    "double@platform.example": ("Platform", ["service_manager"], None),
    "newvendor@northlift.example": ("Northlift", ["vendor_manager"], None),
}
# SKU -> price in minor units, units on hand, seconds of an appointment.
SKUS = {
    "VW-SOCKET": (1_250, 1_000, None),
    "VW-CABLE": (8_900, 500, None),
    "VW-LAST": (4_900, 1, None),
    "VW-FIVE": (4_900, 5, None),
    "VW-PANEL": (240_000, 20, None),
    "BC-DEEPCLEAN": (18_000, None, 7_200),
    "BC-WORKSHOP": (6_000, None, 10_800),
}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The payment provider of all tests of this module."""
    running = Sandbox(tmp_path_factory.mktemp("payments")).start()
    yield running
    running.end()


def settings_of(database: Database, home: Path, url: str, profile: Profile = Profile.TEST) -> Settings:
    return Settings(database_url=database.owner, home=home, payments_url=url, profile=profile)  # type: ignore[arg-type]


@pytest.fixture
async def settings(database: Database, sandbox: Sandbox, tmp_path: Path) -> Settings:
    """Of a migrated marketplace without a row."""
    return settings_of(database, tmp_path, sandbox.url)


async def test_people_are_those_of_the_contract(database: Database, settings: Settings) -> None:
    """Every login has the roles and the limit that the contract's table says; others are of generated vendors."""
    await seed(settings)
    async with database.connect() as connection:
        rows = await connection.fetch(
            """select a.subject, o.name, array_agg(g.role order by g.role) as roles, max(g.limit_purchase_minor) as most
                 from account a join organization o on o.id = a.organization
                 join "grant" g on g.person = a.person and g.counterparty = a.organization
                group by 1, 2"""
        )
        found = {row["subject"]: (row["name"], row["roles"], row["most"]) for row in rows}
        assert {login: found[login] for login in PEOPLE} == PEOPLE
        others = {found[login][0] for login in found.keys() - PEOPLE.keys()}
        assert others == {"Kettlewell", "Papyrus", "Ironbridge"}
        persons = await connection.fetch("select person from account where subject like 'double@%'")
        assert len(persons) == 2
        assert len({row["person"] for row in persons}) == 1


async def test_the_catalog_is_that_of_the_contract(database: Database, settings: Settings) -> None:
    """The named SKUs with their prices and stock, and 200 more services from 5 vendors, all on sale."""
    await seed(settings)
    async with database.connect() as connection:
        rows = await connection.fetch(
            """select v.sku, p.amount_minor, t.on_hand, v.duration_s from variant v
                 join price p on p.variant = v.id left join stock t on t.variant = v.id"""
        )
        found = {row["sku"]: (row["amount_minor"], row["on_hand"], row["duration_s"]) for row in rows}
        assert {sku: found[sku] for sku in SKUS} == SKUS
        assert len(found) == len(SKUS) + 200
        states = await connection.fetch("select state, count(distinct vendor) as vendors from service group by 1")
        assert [(row["state"], row["vendors"]) for row in states] == [("published", 5)]
        assert await connection.fetchval("select count(*) from vendor where state = 'active'") == 5


async def test_generated_services_never_change() -> None:
    """200 of them, each SKU once, the same on every machine."""
    skus = [variant["sku"] for one in generated.services() for variant in one["variants"]]
    assert len(set(skus)) == len(skus) == 200
    assert list(generated.services()) == list(generated.services())
    assert str(seeded("variant", "VW-SOCKET")) == str(seeded("variant", "VW-SOCKET"))


async def test_three_orders_wait_for_a_service_manager(database: Database, settings: Settings) -> None:
    """One each by buyer@acme, buyer@globex and double@acme, of 100.00 and more, under Acme's 1,000.00."""
    await seed(settings)
    async with database.connect() as connection:
        orders = await connection.fetch(
            """select a.subject, o.state, o.total_minor, o.currency from orders o
                 join account a on a.person = o.placed_by and a.organization = o.organization"""
        )
        assert {row["subject"] for row in orders} == {
            "buyer@acme.example",
            "buyer@globex.example",
            "double@acme.example",
        }
        assert {(row["state"], row["currency"]) for row in orders} == {("placed", "EUR")}
        assert all(10_000 <= row["total_minor"] < 100_000 for row in orders)
        assert await connection.fetchval("select count(*) from approval where role = 'service_manager'") == 3
        assert await connection.fetchval("select count(*) from inventory_reservations where state = 'finalized'") == 5
        assert await connection.fetchval("select count(*) from \"authorization\" where state = 'authorized'") == 3
        assert await connection.fetchval("select count(*) from saga where state = 'finished'") == 3
        behalf = await connection.fetch("select distinct on_behalf_of from journal where action = 'order.place'")
        assert {row["on_behalf_of"] for row in behalf} == {
            seeded("person", login) for login in ("buyer@acme.example", "buyer@globex.example", "double@acme.example")
        }


async def test_seeded_orders_are_authorized_by_the_provider(settings: Settings, sandbox: Sandbox) -> None:
    """Once each, for their total: they can be captured when they are dispatched."""
    async with sandbox.client() as client:
        before = {one.id async for one in client.list_all()}
        await seed(settings)
        await seed(settings)
        made = [one async for one in client.list_all() if one.id not in before]
    assert sorted(one.reference for one in made) == ["ACME-1001", "ACME-1002", "GLOBEX-1001"]
    assert {one.state.value for one in made} == {"authorized"}


def test_the_seed_obliges_in_the_words_of_the_policy() -> None:
    """What revision 1 would have said about a seeded order is what its approval says."""
    rules = (Path(__file__).resolve().parents[2] / "policies" / "purchases" / "purchases.rego").read_text(
        encoding="utf-8"
    )
    for words in (APPROVAL, AUTO_APPROVAL):
        assert f"code: {words['code']}\n" in rules
        assert f"message: {words['message']}\n" in rules


async def test_every_buyer_has_an_address_in_germany(database: Database, settings: Settings) -> None:
    """The country is a column, the address itself is sealed."""
    await seed(settings)
    async with database.connect() as connection:
        rows = await connection.fetch(
            """select o.name, e.country, v.cipher from organization o
                 join address_book_entry e on e.organization = o.id
                 join vault v on v.organization = o.id and v.subject = e.id and v.field = 'address'
                where o.kind = 'buyer' order by 1"""
        )
        assert [(row["name"], row["country"]) for row in rows] == [("Acme", "DE"), ("Globex", "DE")]
        assert all(b"Acme" not in row["cipher"] for row in rows)


async def test_seeding_twice_writes_nothing(database: Database, settings: Settings) -> None:
    """An open marketplace is left as it is, and the command says so."""
    assert "is open" in await seed(settings)
    async with database.connect() as connection:
        before = await connection.fetchrow("select count(*), max(xid::text) from journal")
        assert "nothing was seeded" in await seed(settings)
        assert await connection.fetchrow("select count(*), max(xid::text) from journal") == before


async def test_a_killed_seed_goes_on(database: Database, settings: Settings) -> None:
    """What was written stays, what was not follows; the marketplace opens only at the end."""
    async with bootstrapping(settings) as (bootstrap, opened):
        assert not opened
        await foundation(settings, bootstrap)
    async with database.connect() as connection:
        assert await connection.fetchval("select opened_at from marketplace") is None
        people = await connection.fetchval("select count(*) from person")
        assert "is open" in await seed(settings)
        assert await connection.fetchval("select count(*) from person") == people
        assert await connection.fetchval("select count(*) from orders") == 3


async def test_an_open_marketplace_takes_no_first_rows(settings: Settings) -> None:
    """Whoever owns the database cannot go on seeding; a set that collides is told by name before that."""
    row = {"kind": "buyer", "name": "Late", "code": "LATE", "parent": None}
    late = create("organization.create", platform(), seeded("organization", "Late"), row)
    async with bootstrapping(settings) as (bootstrap, _):
        await foundation(settings, bootstrap)
        twice = create("organization.create", platform(), seeded("organization", "Acme"), row)
        with pytest.raises(BootstrapError, match="twice"):
            await bootstrap.write("twice", [twice])
    await seed(settings)
    async with bootstrapping(settings) as (bootstrap, opened):
        assert opened
        with pytest.raises(write.UnlistedError):
            await bootstrap.write("late", [late])


async def test_changed_rules_become_the_next_revision(database: Database, settings: Settings, tmp_path: Path) -> None:
    """Once per change, the older one is superseded; never in production."""
    await seed(settings)
    async with bootstrapping(settings) as (bootstrap, _):
        assert await installed(settings, bootstrap) is None
        production = settings_of(database, tmp_path, settings.payments_url, Profile.PRODUCTION)
        assert await installed(production, bootstrap, "sha256:" + "1" * 64) is None
        assert await installed(settings, bootstrap, "sha256:" + "1" * 64) == 2
        assert await installed(settings, bootstrap, "sha256:" + "1" * 64) is None
        assert await installed(settings, bootstrap, "sha256:" + "2" * 64) == 3
    async with database.connect() as connection:
        rows = await connection.fetch("select number, state from policy_revision order by 1")
        assert [tuple(row) for row in rows] == [(1, "superseded"), (2, "superseded"), (3, "active")]


@pytest.mark.parametrize(
    ("was", "is_now", "told"),
    [
        ("order.approve: {service_manager: platform}", "order.approve: {service_manger: platform}", "service_manger"),
        ("order.approve: {service_manager: platform}", "order.approve: {service_manager: [", "orders.yaml"),
    ],
    ids=["a misspelt role", "no YAML"],
)
def test_a_slip_does_not_become_a_revision(
    settings: Settings, tmp_path: Path, was: str, is_now: str, told: str
) -> None:
    """It is named before anything is installed."""
    root = tmp_path / "policies"
    shutil.copytree(POLICIES, root)
    file = root / "matrix" / "orders.yaml"
    file.write_text(file.read_text().replace(was, is_now))
    with pytest.raises(RevisionError, match=told):
        assert_loadable(settings, root)


def test_the_data_has_no_unknown_names() -> None:
    """Every organization, vendor and SKU that the data names is in the data."""
    folder = Path(__file__).resolve().parents[2] / "cli" / "seed_data"
    data = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in folder.glob("*.yaml")}
    names = {one["name"] for one in data["organizations"]["organizations"]}
    logins = [login for one in data["organizations"]["people"] for login in one["logins"]]
    assert {login["organization"] for login in logins} <= names
    assert {one["vendor"] for one in [*data["catalog"], *generated.services()]} <= names
    skus = {variant["sku"] for one in generated.services() for variant in one["variants"]}
    assert {sku for one in data["orders"] for sku in one["lines"]} <= skus
    assert {one["buyer"] for one in data["orders"]} <= {login["login"] for login in logins}
