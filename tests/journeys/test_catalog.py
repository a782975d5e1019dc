"""A vendor makes something to sell and somebody buys it; what is not for sale is not sold; a file is imported."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import shopping as shop
from tests.journeys.books import Owner
from tests.journeys.catalog import BRIGHT, VOLT, adjust, goods, reprice, variant
from tests.marketplace import Marketplace

LINES = "cart { id lines { id seenPrice { minor } } totals { total { minor } } issues { __typename message } }"
HEAD = "vendor,service,kind,category,title,sku,variant,price_minor,currency,stock,duration"


def test_it_is_made_sold_and_bought(market: Marketplace, owner: Owner) -> None:
    """Draft, variant, stock, publication, another price: the buyer pays the last one, and the stock goes down."""
    sold = goods(market, stock=4, price=15_000)
    reprice(market, VOLT, sold.sku, 12_345)
    cart = shop.new_cart(market, shop.BUYER)
    added = shop.add(market, shop.BUYER, cart, sold.sku, 3)
    total = added["cart"]["totals"]["total"]["minor"]
    assert total == 3 * 12_345 + (3 * 12_345 * 1900 + 5000) // 10_000
    assert shop.checkout(market, shop.BUYER, cart, total)["refusal"] is None
    assert owner.stock(sold.sku) == (1, 0)
    found = variant(market, VOLT, sold.sku)
    assert (found["stock"]["onHand"], found["stock"]["held"]) == (1, 0)


def test_a_price_that_changes_in_the_cart(market: Marketplace) -> None:
    """The buyer is told old and new, nothing is charged; accepting the line's price lets the purchase through."""
    sold, cart = goods(market, price=15_000), shop.new_cart(market, shop.BUYER)
    shop.add(market, shop.BUYER, cart, sold.sku)
    reprice(market, VOLT, sold.sku, 16_000)
    before = len(market.charges())
    refused = shop.checkout(market, shop.BUYER, cart, sold.total())["refusal"]
    assert refused["code"] == "PRICE_CHANGED"
    assert (refused["expected"]["minor"], refused["actual"]["minor"]) == (17_850, 19_040)
    (line,) = refused["lines"]
    assert (line["sku"], line["expected"]["minor"], line["actual"]["minor"]) == (sold.sku, 15_000, 16_000)
    assert len(market.charges()) == before
    ask = f"query($id: ID!) {{ node(id: $id) {{ ... on Cart {{ ...C }} }} }} fragment C on Cart {LINES[5:]}"
    seen = market.gql(shop.BUYER, ask, {"id": cart}).data["node"]
    assert [issue["__typename"] for issue in seen["issues"]]
    accepted = shop.must(market, shop.BUYER, "cartLineUpdate", LINES, lineId=seen["lines"][0]["id"])["cart"]
    assert (accepted["lines"][0]["seenPrice"]["minor"], accepted["issues"]) == (16_000, [])
    assert shop.checkout(market, shop.BUYER, cart, accepted["totals"]["total"]["minor"])["refusal"] is None


def test_stock_stays_within_its_bounds(market: Marketplace, owner: Owner) -> None:
    """More cannot be lost than is there and free; a count that was overtaken is a conflict."""
    sold = goods(market, stock=2)
    found = variant(market, VOLT, sold.sku)
    given = {"variantId": sold.variant, "delta": -3, "reason": "Lost.", "expectedVersion": found["stock"]["version"]}
    short = shop.mutate(market, VOLT, "stockAdjust", "variant { id }", **given)
    assert short["refusal"]["code"] == "OUT_OF_STOCK", short
    adjust(market, VOLT, sold.sku, -2)
    again = shop.mutate(market, VOLT, "stockAdjust", "variant { id }", **{**given, "delta": 1})
    assert again["refusal"]["code"] == "CONFLICT"
    assert owner.stock(sold.sku) == (0, 0)


def refused(market: Marketplace, login: str, mutation: str, **fields: Any) -> str:
    refusal = shop.mutate(market, login, mutation, "refusal { code }", **fields)["refusal"]
    assert refusal is not None, (login, mutation)
    code: str = refusal["code"]
    return code


@pytest.mark.parametrize(
    ("login", "hidden"),
    [(shop.BUYER, True), (BRIGHT, True), (shop.SERVICE, False), (shop.AGENT, False), (shop.OPERATOR, False)],
)
def test_only_its_vendor_changes_it(market: Marketplace, login: str, hidden: bool) -> None:
    """Who may not see a draft is told that there is none; everybody else is refused by name."""
    sold = goods(market, published=False)
    found = variant(market, VOLT, sold.sku)
    expected = {"NOT_FOUND"} if hidden else {"DENIED", "NOT_FOUND"}
    amount = {"amount": {"minor": 1, "currency": "EUR"}, "reason": "Cheap.", "expectedVersion": found["version"]}
    version = found["stock"]["version"]
    assert refused(market, login, "priceChange", variantId=sold.variant, **amount) in expected
    given = {"delta": -1, "reason": "Mine.", "expectedVersion": version}
    assert refused(market, login, "stockAdjust", variantId=sold.variant, **given) in expected
    published = {"serviceId": sold.service, "expectedVersion": found["service"]["version"]}
    assert refused(market, login, "servicePublish", **published) in expected
    assert market.gql(shop.BUYER, "query($s: String!) { variant(sku: $s) { id } }", {"s": sold.sku}).data == {
        "variant": None
    }


def test_a_sku_is_taken_once(market: Marketplace) -> None:
    """By anybody's variant; a service without a variant is not published."""
    sold = goods(market)
    price = {"minor": 100, "currency": "EUR"}
    given = {"serviceId": sold.service, "sku": sold.sku, "title": "Again", "price": price}
    taken = shop.mutate(market, VOLT, "variantCreate", "variant { id }", **given)["refusal"]
    assert (taken["code"], taken["violations"][0]["code"]) == ("INVALID", "SKU_TAKEN")
    vendor = variant(market, VOLT, sold.sku)["service"]["vendor"]["id"]
    about = {"kind": "STOCK", "title": "Empty", "description": "", "category": "tests"}
    empty = shop.must(market, VOLT, "serviceCreate", "service { id version }", vendorId=vendor, **about)["service"]
    given = {"serviceId": empty["id"], "expectedVersion": empty["version"]}
    bare = shop.mutate(market, VOLT, "servicePublish", "service { id }", **given)["refusal"]
    assert (bare["code"], bare["violations"][0]["code"]) == ("INVALID", "NO_VARIANT")


def test_a_file_is_imported_line_by_line(market: Marketplace, tmp_path: Path) -> None:
    """Good lines are for sale afterwards; each bad one is told with its number, its field and why."""
    mark = secrets.token_hex(4).upper()
    rows = [
        f"Voltworks,cable-{mark},stock,cables,Cable {mark},C-{mark}-1,1 m,1000,EUR,5,",
        f"Voltworks,cable-{mark},stock,cables,Cable {mark},C-{mark}-2,2 m,minus,EUR,5,",
        f"Nobody,cable-{mark},stock,cables,Cable {mark},C-{mark}-3,3 m,1000,EUR,5,",
        f"Voltworks,taken-{mark},stock,cables,Taken,VW-CABLE,4 m,1000,EUR,5,",
        f"Voltworks,cable-{mark},stock,cables,Cable {mark},C-{mark}-5,5 m,1000,XXX,5,",
        f"Brightclean,theirs-{mark},stock,cables,Theirs {mark},C-{mark}-6,6 m,1000,EUR,5,",
    ]
    file = tmp_path / "catalog.csv"
    file.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    done = market.command("import", "services", str(file), "--as", VOLT)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "1 variants imported, 5 lines refused"
    told = done.stderr.splitlines()
    assert [line.partition(":")[0] for line in told] == [f"line {number}" for number in range(3, 8)], told
    bought = shop.add(market, shop.BUYER, shop.new_cart(market, shop.BUYER), f"C-{mark}-1", 2)
    assert bought["refusal"] is None
    again = market.command("import", "services", str(file), "--as", VOLT)
    assert again.stdout.splitlines()[-1] == "0 variants imported, 6 lines refused"
    stranger = market.command("import", "services", str(file), "--as", shop.BUYER)
    assert stranger.stdout.splitlines()[-1] == "0 variants imported, 6 lines refused"


def test_what_is_exported_runs_no_formula_and_comes_back(market: Marketplace, tmp_path: Path) -> None:
    """A title that begins a formula is guarded on the way out and known as the same title on the way in."""
    mark = secrets.token_hex(4).upper()
    title = f"=cmd|'{mark}'!A0"
    file = tmp_path / "catalog.csv"
    file.write_text(f"{HEAD}\nVoltworks,{mark},stock,cables,{title},F-{mark},-1 m,1000,EUR,5,\n", encoding="utf-8")
    assert market.command("import", "services", str(file), "--as", VOLT).returncode == 0
    exported = market.command("export", "services").stdout
    (line,) = [line for line in exported.splitlines() if mark in line]
    cells = line.split(",")
    assert [cells[4], *cells[6:]] == [f"'{title}", "'-1 m", "1000", "EUR", "5", ""]
    file.write_text(f"{HEAD}\n{line.replace('F-', 'G-', 1)}\n", encoding="utf-8")
    assert market.command("import", "services", str(file), "--as", VOLT).returncode == 0
    first, again = (variant(market, VOLT, f"{letter}-{mark}") for letter in "FG")
    assert first["service"]["id"] == again["service"]["id"]
