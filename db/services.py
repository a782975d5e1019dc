"""How the catalog is read: services, variants and prices; drafts are their vendor's alone."""

from __future__ import annotations

from db.scopes import Scope
from db.source import Filter, Relation, Sort, Source, one_of
from domain.services.model import Price, Service, Variant

# Whether a variant belongs to a published service; `{variant}` is the column with its id.
ON_SALE = """exists (select from variant v join service s on s.organization = v.organization and s.id = v.service
    where v.organization = r.organization and v.id = {variant} and s.state = 'published')"""
PRICE_NOW = """(select x.amount_minor from price x where x.organization = {variant}.organization
    and x.variant = {variant}.id and x.valid_from <= clock_timestamp() order by x.valid_from desc, x.id desc limit 1)"""
_CHEAPEST = f"""coalesce((select min({PRICE_NOW.format(variant="v")}) from variant v
    where v.organization = r.organization and v.service = r.id), 0)"""
_IN_STOCK = """exists (select from variant v join stock k on k.organization = v.organization and k.variant = v.id
    where v.organization = r.organization and v.service = r.id and k.on_hand > k.reserved)"""

SERVICES: Source[Service] = Source(
    model=Service,
    table="service",
    columns={"label": "r.title"},
    scope=Scope(open="r.state = 'published'"),
    sorts={
        "title": Sort("r.title", "text"),
        "created_at": Sort("r.created_at", "timestamptz"),
        "price": Sort(_CHEAPEST, "bigint"),
        "trust_score": Sort("0::int", "int"),  # nobody has a score before trust is kept: all are equal
    },
    filters={
        "text": Filter(
            "(r.title || ' ' || r.description || ' ' || r.category) ilike '%' || {} || '%'", "text", pattern=True
        ),
        "states": one_of("r.state"),
        "kinds": one_of("r.kind"),
        "vendor_ids": one_of("r.vendor", "uuid"),
        "categories": one_of("r.category"),
        "in_stock": Filter(f"{_IN_STOCK} = {{}}", "boolean"),
    },
)
VARIANTS: Source[Variant] = Source(
    model=Variant,
    table="variant",
    columns={"label": "r.title", "price": PRICE_NOW.format(variant="r")},
    scope=Scope(open=ON_SALE.format(variant="r.id")),
    sorts={"sku": Sort("r.sku", "text")},
    filters={"skus": one_of("r.sku")},
)
PRICES: Source[Price] = Source(
    model=Price,
    table="price",
    cells="variant",
    group="prices",
    columns={
        "valid_until": """(select min(n.valid_from) from price n where n.organization = r.organization
            and n.variant = r.variant and (n.valid_from, n.id) > (r.valid_from, r.id))"""
    },
    sorts={"valid_from": Sort("r.valid_from", "timestamptz")},
)

ALL = Relation(SERVICES)
OF_VENDOR = Relation(SERVICES, "r.organization = p.home and r.vendor = p.id")
VARIANTS_OF_SERVICE = Relation(VARIANTS, "r.organization = p.home and r.service = p.id", "r.sku")
VARIANTS_ALL = Relation(VARIANTS)
PRICES_OF_VARIANT = Relation(PRICES, "r.organization = p.home and r.variant = p.id")
