"""What is null and why: sign-in, withheld fields, a bug that is masked; and what introspection tells."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    build_client_schema,
    build_schema,
    get_introspection_query,
    get_named_type,
    parse,
    print_schema,
)

from cli.seed_data import load
from schema.export import sdl
from schema.schema import SCHEMA
from tests.contract.test_schema import elements, ours
from tests.gateway.ground import Client, Running
from tests.schema.demo import Demo, new_key
from tests.schema.story import AUDITOR, BUYER, SERVICE, place

LOGINS = [login["login"] for person in load("organizations")["people"] for login in person["logins"]]
WIDE = """{
  viewer { person { name email authorityEpoch grants { edges { node { reason spendLimit { period } } } }
      sessions { edges { node { client } } } } memberships { organization { name } roles } organizations { name }
    actingFor { name addressBook { label address { city } } people { edges { node { name } } }
      grants { edges { node { role } } } vendor { name } }
    cart { totals { total { minor } } issues { kind } } carts { edges { node { owner { name } } } }
    approvals { edges { node { role subject { ... on Order { number } } } } } roles }
  orders(first: 5) { edges { node { number purchase { number total { minor } authorizations { state method { brand }
      attempts { kind } } } buyer { name addressBook { id } } vendor { name } totals { total { minor } }
      shippingAddress { city } billingAddress { city } payment { captured { minor } authorization { state } }
      lines { totals { total { minor } } variant { sku prices(first: 1) { edges { node { amount { minor } } } }
        stock { available onHand held reservations(first: 1) { edges { node { purchase { number } } } } } } }
      shipments { evidence } permittedActions(actions: ["order.approve"]) { allowed }
      timeline(first: 3) { edges { node { __typename ... on TimelineDecision { decision { input } } } } } } } }
  purchases(first: 3) { edges { node { placedBy { name } } } }
  vendors(first: 3) { edges { node { name organization { name people { edges { node { email } } } } } } }
  services(first: 3) { edges { node { title } } } people(first: 3) { edges { node { name email } } }
  organizations(first: 9) { edges { node { name addressBook { id } } } } grants(first: 3) { edges { node { role } } }
  authorizations(first: 3) { edges { node { purchase { number } attempts { kind } } } }
  sagas(first: 3) { edges { node { subject { id } } } } activePolicyRevision { number } runtimeSettings { key }
  decisions(first: 3) { edges { node { input } } } journal(first: 3) { edges { node { payload decision { action } } } }
}"""


def nulls(kind: Any, selections: SelectionSetNode, data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths at which a field that is @semanticNonNull is null."""
    if isinstance(data, list):
        for number, item in enumerate(data):
            yield from nulls(kind, selections, item, (*path, number))
    elif data is not None:
        for selection in selections.selections:
            if isinstance(selection, InlineFragmentNode) and selection.type_condition:
                if data.get("__typename") == selection.type_condition.name.value:
                    yield from nulls(named(selection.type_condition.name.value), selection.selection_set, data, path)
            elif isinstance(selection, FieldNode) and isinstance(kind, GraphQLObjectType):
                yield from of_field(kind, selection, data, path)


def of_field(kind: GraphQLObjectType, field: FieldNode, data: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    name = field.name.value
    if name == "__typename":
        return
    declared, found = kind.fields[name], data.get(name)
    directives = declared.ast_node.directives if declared.ast_node else None
    if found is None and any(one.name.value == "semanticNonNull" for one in directives or ()):
        yield (*path, name)
    if field.selection_set is not None:
        yield from nulls(get_named_type(declared.type), field.selection_set, found, (*path, name))


def named(name: str) -> Any:
    return ours().type_map[name]


@pytest.mark.parametrize("login", LOGINS)
async def test_null_without_an_error_is_what_the_schema_says(demo: Demo, login: str) -> None:
    """A field that is @semanticNonNull is null only together with an error at its path; the rest stays."""
    answer = await demo.ask(login, WIDE)
    (operation,) = parse(WIDE).definitions
    assert isinstance(operation, OperationDefinitionNode)
    missing = {".".join(map(str, path)) for path in nulls(named("Query"), operation.selection_set, answer.data)}
    assert missing - answer.errors.keys() == set()
    assert set(answer.errors.values()) <= {"WITHHELD", "NOT_PRICED"}
    assert answer.data["viewer"]["person"]["name"]
    assert len(answer.data["services"]["edges"]) == 3


async def test_nobody_is_answered_before_signing_in(http: Client) -> None:
    """Queries answer null with a code at each field, mutations not at all, and the viewer is null without an error."""
    for text in ("{ viewer { roles } }", "{ me: viewer { person { name } } }"):
        assert list((await http.ask(text)).body["data"].values()) == [None]
    signed_out = await http.ask("{ orders { totalCount } services { edges { cursor } } viewer { roles } }")
    assert signed_out.body["data"] == {"orders": None, "services": None, "viewer": None}
    assert {error["extensions"]["code"] for error in signed_out.body["errors"]} == {"UNAUTHENTICATED"}
    assert [error["path"] for error in signed_out.body["errors"]] == [["orders"], ["services"]]
    refused = await http.ask('mutation { cartAbandon(input: {cartId: "x", idempotencyKey: "y"}) { replayed } }')
    assert (refused.status, refused.code) == (401, "UNAUTHENTICATED")


@asynccontextmanager
async def broken(demo: Demo, person: str) -> AsyncIterator[None]:
    """The sealed name of a person as no key of ours can have sealed it: opening it is a bug or an attack."""
    ref = demo.ids.decode(person)
    assert ref is not None
    where = "where subject = $1 and field = 'name'"
    async with demo.database.connect() as owner:
        kept = await owner.fetchval(f"select cipher from vault {where}", ref.id)
        await owner.execute(f"update vault set cipher = $2 {where}", ref.id, b"planted " * 8)
        try:
            yield
        finally:
            await owner.execute(f"update vault set cipher = $2 {where}", ref.id, kept)


async def test_a_bug_is_an_id_and_no_text(demo: Demo, http: Client, running: Running) -> None:
    """Its field is null, the others stay; the log has the exception under the same id, the answer nothing of it."""
    me = (await demo.data(BUYER, "{ viewer { person { id } } }"))["viewer"]["person"]["id"]
    async with broken(demo, me):
        answer = await http.ask("{ viewer { roles person { name email } } }", token=demo.token(BUYER))
    assert answer.status == 200
    assert answer.body["data"] == {"viewer": {"roles": ["BUYER"], "person": {"name": None, "email": BUYER}}}
    (error,) = answer.body["errors"]
    id = answer.headers["x-request-id"]
    assert error["message"] == f"Something went wrong on our side. Name {id} when you ask."
    assert error["path"] == ["viewer", "person", "name"]
    assert error["extensions"] == {
        "code": "INTERNAL",
        "requestId": id,
        "traceId": error["extensions"]["traceId"],
        "retryable": "NEVER",
        "retryAfterMs": None,
    }
    whole = json.dumps(answer.body).lower()
    assert running.line_of(id, "masked")["exception"]["type"] == "adapters.vault.VaultError"
    assert not any(word in whole for word in ("invalidtag", "cryptography", "traceback", ".py", "vault", "planted"))


async def test_a_bug_in_a_payload_leaves_the_change_made(demo: Demo, http: Client) -> None:
    """The order is approved although its buyer's name cannot be shown; a repeat with the key tells the same."""
    me = (await demo.data(BUYER, "{ viewer { person { id } } }"))["viewer"]["person"]["id"]
    id = (await place(demo)).orders["Voltworks"]
    seen = await demo.data(SERVICE, "query($id: ID!) { order(by: {id: $id}) { version } }", id=id)
    given = {"orderId": id, "expectedVersion": seen["order"]["version"], "idempotencyKey": new_key()}
    document = """mutation($input: OrderApproveInput!) { orderApprove(input: $input) { replayed refusal { code }
      order { state purchase { placedBy { name } } } } }"""
    async with broken(demo, me):
        answers = [await http.ask(document, {"input": given}, demo.token(SERVICE)) for _ in range(2)]
    for answer, replayed in zip(answers, (False, True), strict=True):
        made = answer.body["data"]["orderApprove"]
        assert made == {
            "replayed": replayed,
            "refusal": None,
            "order": {"state": "APPROVED", "purchase": {"placedBy": {"name": None}}},
        }
        assert [error["extensions"]["code"] for error in answer.body["errors"]] == ["INTERNAL"]


async def test_introspection_tells_what_is_public(http: Client) -> None:
    """It shows what `/schema.graphql` shows to everybody, signed in or not, and nothing besides."""
    answer = await http.ask(get_introspection_query(input_value_deprecation=True))
    shown = build_client_schema(answer.body["data"])
    assert set(elements_of(print_schema(shown))) == set(elements_of(print_schema(SCHEMA._schema)))
    assert (await http.send("GET", "/schema.graphql")).body == sdl()


def elements_of(text: str) -> list[str]:
    return list(elements(build_schema(text)))


async def test_an_unknown_field_is_not_guessed_at(http: Client, demo: Demo) -> None:
    """No answer suggests a name of the schema."""
    for text in ("{ order { id } }", "{ viewer { rolez } }", "{ ordres { id } }"):
        answer = await http.ask(text, token=demo.token(AUDITOR))
        assert answer.status == 400
        assert "did you mean" not in json.dumps(answer.body).lower()
