"""What services, variants and prices are judged by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from db.facts import ACTORS, FactsQuery, Json, resource_of, to_be
from domain.change import Proof
from domain.command import Command
from domain.facts import Resource
from domain.services.facts import ServiceHad, VariantHad

_VENDOR = """'vendor', jsonb_build_object('organization', v.organization, 'id', v.id, 'state', v.state,
                                      'version', v.version)"""

_SERVICE = f"""
select jsonb_build_object('id', e.id, 'home', e.organization, 'state', e.state, 'version', e.version, 'kind', e.kind,
         'actors', {ACTORS.format(row="e")}, {_VENDOR},
         'variants', (select count(*) from variant t
                       where t.organization = e.organization and t.service = e.id)) as resource
  from service e
  join vendor v on v.organization = e.organization and v.id = e.vendor
 where s.org is not null and e.organization = k.home and e.id = k.id offset 0"""

_SERVICE_TO_BE = f"""
select jsonb_build_object('home', v.organization, {_VENDOR}) as resource
  from vendor v
 where s.org is not null and v.organization = (k.args->'vendor'->>'home')::uuid
   and v.id = (k.args->'vendor'->>'id')::uuid offset 0"""

_VARIANT = f"""
select jsonb_build_object('id', t.id, 'home', t.organization, 'state', t.state, 'version', t.version, 'sku', t.sku,
         'currency', t.currency, 'actors', {ACTORS.format(row="t")}, 'service', e.id, 'kind', e.kind,
         'service_state', e.state) as resource
  from variant t
  join service e on e.organization = t.organization and e.id = t.service
 where s.org is not null and t.organization = k.home and t.id = k.id offset 0"""

_VARIANT_TO_BE = """
select jsonb_build_object('home', e.organization, 'service', e.id, 'kind', e.kind, 'service_state', e.state,
         'service_version', e.version) as resource
  from service e
 where s.org is not null and e.organization = (k.args->'service'->>'home')::uuid
   and e.id = (k.args->'service'->>'id')::uuid offset 0"""


def _service_parents(found: Json, published: bool) -> dict[str, Any]:
    vendor = {key: found["vendor"][key] for key in ("organization", "id", "state")}
    return {"published": published, "vendor": vendor}


def _vendor_proof(found: Json) -> Proof:
    vendor = found["vendor"]
    home = UUID(vendor["organization"])
    return Proof("row", vendor["version"], id=UUID(vendor["id"]), noun="vendor", organization=home)


def _service(found: Json, command: Command) -> Resource[Any]:
    return resource_of(
        found,
        "service",
        parents=_service_parents(found, published=found["state"] == "published"),
        detail=ServiceHad(found["kind"], found["vendor"]["state"], found["variants"]),
        proofs=(_vendor_proof(found),),
    )


def _service_to_be(found: Json, command: Command) -> Resource[Any]:
    return to_be(
        found,
        "service",
        parents=_service_parents(found, published=False),
        detail=ServiceHad(str(command.args.get("kind")), found["vendor"]["state"]),
        proofs=(_vendor_proof(found),),
    )


def _variant(found: Json, command: Command) -> Resource[Any]:
    return resource_of(
        found,
        "variant",
        parents={"published": found["service_state"] == "published"},
        detail=VariantHad(UUID(found["service"]), found["kind"], found["sku"], found["currency"]),
    )


def _variant_to_be(found: Json, command: Command) -> Resource[Any]:
    service, home = UUID(found["service"]), UUID(found["home"])
    return to_be(
        found,
        "variant",
        parents={"published": found["service_state"] == "published"},
        detail=VariantHad(service, found["kind"], str(command.args.get("sku")), None),
        proofs=(Proof("row", found["service_version"], id=service, noun="service", organization=home),),
    )


FACTS: dict[str, FactsQuery] = {
    "service": FactsQuery(_SERVICE, _service),
    "service.create": FactsQuery(_SERVICE_TO_BE, _service_to_be),
    "variant": FactsQuery(_VARIANT, _variant),
    "variant.create": FactsQuery(_VARIANT_TO_BE, _variant_to_be),
}
