"""What a cart is judged by: its lines with what each is sold for now, the vendors behind them, where it may be sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from db import parts
from db.facts import ACTORS, FactsQuery, Json, resource_of, to_be, uuid_or_none
from domain.carts.facts import BookAddress, CartFacts, LineFacts, Offer
from domain.change import Proof
from domain.command import Command
from domain.effects import Sealed
from domain.facts import Resource

# `v` is the variant, joined with its service, vendor and stock; a draft is nobody's but its vendor's.
_OFFER = f"""jsonb_build_object('id', v.id, 'home', v.organization, 'sku', v.sku, 'title', v.title,
    'currency', v.currency, 'kind', e.kind, 'service_title', e.title, 'service_state', e.state, 'vendor', e.vendor,
    'vendor_state', d.state, 'free', coalesce(t.on_hand - t.reserved, 0),
    'epoch', {parts.STANDING.format(organization="v.organization")},
    'price_minor', (select p.amount_minor from price p
                     where p.organization = v.organization and p.variant = v.id and p.valid_from <= clock_timestamp()
                     order by p.valid_from desc, p.id desc limit 1))"""
_SOLD = """join service e on e.organization = v.organization and e.id = v.service
    join vendor d on d.organization = e.organization and d.id = e.vendor
    left join stock t on t.organization = v.organization and t.variant = v.id"""

# `c` is the cart. A line whose offer is gone is kept, so that nobody buys a cart without it unnoticed.
_LINES = f"""(select jsonb_agg(jsonb_build_object('id', l.id, 'quantity', l.quantity, 'seen', l.seen_price_minor,
                  'variant', l.variant, 'variant_home', l.variant_home, 'sku', l.sku, 'currency', l.currency,
                  'offer', (select {_OFFER} from variant v {_SOLD}
                             where v.organization = l.variant_home and v.id = l.variant)) order by l.id)
               from cart_line l where l.organization = c.organization and l.cart = c.id)"""
_ADDRESSES = """(select jsonb_agg(jsonb_build_object('id', b.id, 'country', b.country, 'ship_to', b.ship_to,
                  'bill_to', b.bill_to, 'wrapped', encode(y.wrapped, 'hex'), 'cipher', encode(x.cipher, 'hex'))
                  order by b.id)
               from address_book_entry b
               join vault x on x.organization = b.organization and x.subject = b.id and x.field = 'address'
               join vault_key y on y.organization = b.organization and y.subject = b.id and y.field = 'address'
              where b.organization = {home} and y.wrapped is not null)"""
_CART = f"""jsonb_build_object({parts.row("c")}, 'actors', {ACTORS.format(row="c")}, 'owner', c.owner,
    'currency', c.currency, 'lines', {_LINES}, 'addresses', {_ADDRESSES.format(home="c.organization")},
    'code', (select o.code from organization o where o.id = c.organization))"""

_OF_CART = f"""
select {_CART} as resource
  from cart c
 where s.org is not null and c.organization = k.home and c.id = k.id offset 0"""

_OF_LINE = f"""
select {_CART} || jsonb_build_object('line', n.id) as resource
  from cart_line n
  join cart c on c.organization = n.organization and c.id = n.cart
 where s.org is not null and n.organization = (k.args->'line'->>'home')::uuid
   and n.id = (k.args->'line'->>'id')::uuid offset 0"""

# Without a cart named: the newest open one of this person ($2) in the SKU's currency, or one that is to be opened.
_FOR_SKU = f"""
select jsonb_build_object('offer', f.offer, 'cart', n.cart, 'home', s.org,
         'addresses', case when n.cart is null then {_ADDRESSES.format(home="s.org::uuid")} end,
         'opened', (select count(*) from cart c where c.organization = s.org::uuid and c.owner = $2::uuid
                       and c.currency = f.offer->>'currency')) as resource
  from (select 1) one
  left join lateral (select {_OFFER} as offer from variant v {_SOLD} where v.sku = k.args->>'sku') f on true
  left join lateral (
    select {_CART} as cart from cart c
     where c.organization = coalesce(k.home, s.org::uuid)
       and (c.id = k.id or (k.id is null and c.owner = $2::uuid and c.state = 'open'
                            and c.currency = coalesce(f.offer->>'currency', c.currency)))
     order by c.updated_at desc, c.id desc limit 1) n on true
 where s.org is not null and (k.id is null or n.cart is not null) offset 0"""

# An organization in which the person holds nothing is to them as if it did not exist.
_TO_BE = f"""
select jsonb_build_object('home', s.org) as resource
 where s.org is not null
   and ((k.args->'organization'->>'id')::uuid = s.org::uuid or {parts.MEMBERSHIP.format(person="$2::uuid")}) offset 0"""


def _offer(found: Json | None) -> Offer | None:
    if found is None:
        return None
    return Offer(
        id=UUID(found["id"]),
        home=UUID(found["home"]),
        sku=found["sku"],
        title=found["title"],
        currency=found["currency"],
        price_minor=found["price_minor"],
        kind=found["kind"],
        service_state=found["service_state"],
        vendor=UUID(found["vendor"]),
        vendor_state=found["vendor_state"],
        free=found["free"],
    )


def _line(found: Json) -> LineFacts:
    offer = _offer(found["offer"])
    if offer is None:  # no longer shown to buyers
        gone, home = UUID(found["variant"]), UUID(found["variant_home"])
        offer = Offer(
            gone, home, found["sku"], found["sku"], found["currency"], None, "stock", "gone", gone, "closed", 0
        )
    return LineFacts(UUID(found["id"]), found["quantity"], found["seen"], offer)


def _address(found: Json, home: UUID) -> BookAddress:
    subject = UUID(found["id"])
    sealed = Sealed(home, subject, "address", bytes.fromhex(found["wrapped"]), bytes.fromhex(found["cipher"]))
    return BookAddress(subject, found["country"], found["ship_to"], found["bill_to"], sealed)


def _detail(found: Json, **more: Any) -> CartFacts:
    home = UUID(found["home"])
    return CartFacts(
        owner=UUID(found["owner"]),
        currency=found["currency"],
        lines=tuple(_line(line) for line in found["lines"] or ()),
        addresses=tuple(_address(address, home) for address in found["addresses"] or ()),
        code=found["code"],
        line=uuid_or_none(found.get("line")),
        **more,
    )


def _cart(found: Json, command: Command) -> Resource[Any]:
    """A checkout is also judged by the vendors behind the lines, whose standing is proven with it."""
    detail = _detail(found)
    parents: dict[str, Any] = {"owner": detail.owner}
    proofs: tuple[Proof, ...] = ()
    if command.action == "checkout.complete":
        vendors = {line.offer.home: line.offer for line in detail.lines}
        parents["vendors"] = [
            {"organization": home, "id": offer.vendor, "state": offer.vendor_state} for home, offer in vendors.items()
        ]
        epochs = {line["offer"]["home"]: line["offer"]["epoch"] for line in found["lines"] or () if line["offer"]}
        proofs = tuple(Proof("standing", epoch, id=UUID(home)) for home, epoch in epochs.items())
    return resource_of(found, "cart", parents=parents, detail=detail, proofs=proofs)


def _for_sku(found: Json, command: Command) -> Resource[Any]:
    """The cart that the line goes into; one that is to be is shown as it will be: open, and its owner's."""
    offer, person = _offer(found["offer"]), command.actor.person
    if found["cart"] is not None:
        detail = _detail(found["cart"], offer=offer)
        return resource_of(found["cart"], "cart", parents={"owner": detail.owner}, detail=detail)
    home, currency = UUID(found["home"]), offer.currency if offer else ""
    # Two first lines at once make the same cart, and the second then finds it.
    id = uuid5(home, f"{person}/{currency}/{found['opened']}")
    addresses = tuple(_address(address, home) for address in found["addresses"] or ())
    detail = CartFacts(owner=person, currency=currency, exists=False, addresses=addresses, offer=offer)
    return Resource("cart", id, home, None, "open", 1, parents={"owner": person}, detail=detail)


def _to_be(found: Json, command: Command) -> Resource[Any]:
    detail = CartFacts(owner=command.actor.person, currency=str(command.args.get("currency")), exists=False)
    return to_be(found, "cart", detail=detail)


FACTS: dict[str, FactsQuery] = {
    "cart": FactsQuery(_OF_CART, _cart),
    "cart.create": FactsQuery(_TO_BE, _to_be),
    "cart_line.add": FactsQuery(_FOR_SKU, _for_sku),
    "cart_line.update": FactsQuery(_OF_LINE, _cart),
    "cart_line.remove": FactsQuery(_OF_LINE, _cart),
}
