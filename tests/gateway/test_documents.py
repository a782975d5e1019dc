"""Documents made to cost: each is refused by its limit before anything runs, and time stays linear."""

from __future__ import annotations

import pytest
from graphql import build_schema, get_introspection_query, parse

from gateway.cost import MOST_VALUES, Measure
from gateway.documents import MOST_ERRORS, MOST_KEPT, Documents
from gateway.errors import RefusedError
from gateway.pages import page_defaults
from tests.gateway.ground import SCHEMA, SDL, Client

DOCUMENTS: dict[str, tuple[str, str]] = {
    "depth": ("{a" * 20 + "}" * 20, "COST_TOO_HIGH"),
    "braces": ("{" * 900, "BAD_REQUEST"),
    "deep list": ("{hello(name:" + "[" * 450 + "]" * 450 + ")}", "BAD_REQUEST"),
    "deep object": ("{hello(name:" + "{a:" * 200 + "1" + "}" * 200 + ")}", "BAD_REQUEST"),
    "tokens": ("{" + "hello " * 1001 + "}", "DOCUMENT_TOO_LONG"),
    "comments": ("#\n" * 1001 + "{hello}", "DOCUMENT_TOO_LONG"),
    "duplicated fields": ("{" + "hello " * 900 + "}", "COST_TOO_HIGH"),
    "duplicated trees": ("{" + "rows{id} " * 200 + "}", "COST_TOO_HIGH"),
    "squares": ("{" + ("rows{" + "id " * 20 + "}") * 40 + "}", "COST_TOO_HIGH"),
    "directives": ("{hello " + "@include(if:true) " * 100 + "}", "VALIDATION_FAILED"),
    "fragment circle": ("{...a} fragment a on Query {...b} fragment b on Query {...a}", "VALIDATION_FAILED"),
    "doubling fragments": (
        "{...f0}"
        + "".join(f"fragment f{n} on Query {{...f{n + 1} ...f{n + 1}}}" for n in range(60))
        + "fragment f60 on Query {hello}",
        "COST_TOO_HIGH",
    ),
    "circles of fragments": (
        "{...f0}" + "".join(f"fragment f{n} on Query {{...f{(n + 1) % 30} ...f{(n + 7) % 30}}}" for n in range(30)),
        "COST_TOO_HIGH",
    ),
    "aliased fragment bomb": (
        "{" + "".join(f"a{n}:rows{{...f}}" for n in range(60)) + "}"
        "fragment f on Row {" + "".join(f"b{n}:id " for n in range(60)) + "}",
        "COST_TOO_HIGH",
    ),
    "absurd page": ("{rows(first:1000000000){id}}", "COST_TOO_HIGH"),
    "page of many digits": ("{rows(first:" + "9" * 5000 + "){id}}", "COST_TOO_HIGH"),
    "pages by aliases": ("{" + "".join(f"a{n}:rows(first:200){{id}}" for n in range(60)) + "}", "COST_TOO_HIGH"),
    "fields of many rows": (
        "{rows(first:100){" + " ".join(f"a{n}:id" for n in range(200)) + "}}",
        "COST_TOO_HIGH",
    ),
    "introspection by aliases": (
        "{"
        + "".join(f"a{n}:__schema{{types{{...t fields{{...f type{{...t fields{{name}}}}}}}}}}" for n in range(40))
        + "}"
        "fragment t on __Type {name description kind} fragment f on __Field {name description isDeprecated}",
        "COST_TOO_HIGH",
    ),
    "introspection of itself": (
        "{__schema{types{fields{type{fields{type{fields{type{name}}}}}}}}}",
        "VALIDATION_FAILED",
    ),
}


@pytest.mark.parametrize("family", DOCUMENTS)
async def test_a_costly_document_is_refused(family: str, client: Client) -> None:
    """By the limit that it breaks."""
    document, code = DOCUMENTS[family]
    answer = await client.ask(document)
    assert (answer.status, answer.code) == (400, code)


async def test_page_sizes_count_as_variables_too(client: Client) -> None:
    """The same document runs with a small page and is refused with a large one."""
    document = "query($n: Int!) { rows(first: $n) { id } }"
    assert (await client.ask(document, {"n": 2})).status == 200
    assert (await client.ask(document, {"n": 20_000})).code == "COST_TOO_HIGH"
    assert (await client.ask(document, {"n": 2})).status == 200


async def test_a_wrong_document_tells_no_names(client: Client) -> None:
    """Unknown fields, arguments and types get no suggestion of a neighbour, and at most five errors."""
    for document in ("{helo}", "{hello(nam:1)}", "{...on Qery{hello}}", "query($n: Strin){hello(name:$n)}"):
        answer = await client.ask(document)
        assert answer.code == "VALIDATION_FAILED"
        assert "Did you mean" not in str(answer.body)
    answer = await client.ask("{" + " ".join(f"wrong{n}" for n in range(40)) + "}")
    assert len(answer.body["errors"]) == MOST_ERRORS


async def test_ordinary_documents_run(client: Client) -> None:
    """Introspection by the usual tools is ordinary."""
    answer = await client.ask(get_introspection_query())
    assert answer.status == 200
    assert answer.body["data"]["__schema"]["queryType"]["name"] == "Query"


def test_the_documents_of_the_contract_cost_little() -> None:
    """Every client document keeps far below the limits."""
    schema = build_schema(SDL.read_text())
    folder = SDL.parent / "documents"
    fragments = (folder / "_fragments.graphql").read_text()
    documents = [path for path in sorted(folder.glob("*.graphql")) if not path.name.startswith("_")]
    for path in documents:
        cost = Measure(parse(path.read_text() + fragments), {}, page_defaults(schema)).check()
        assert (cost.fields, cost.depth, cost.rows) <= (500, 10, 1_000), path.name
        assert cost.values <= MOST_VALUES // 2, path.name
    whole = Measure(parse(get_introspection_query(input_value_deprecation=True)), {}, page_defaults(schema)).check()
    assert whole.values <= MOST_VALUES
    assert len(documents) == 12


def test_kept_documents_are_bounded() -> None:
    """The oldest ones go; a document that was refused is not kept."""
    documents = Documents(SCHEMA._schema)
    first = documents.prepare("{hello}")
    assert documents.prepare("{hello}") is first
    for number in range(MOST_KEPT):
        documents.prepare(f"{{a{number}: hello}}")
    assert documents.prepare("{hello}") is not first
    with pytest.raises(RefusedError):
        documents.prepare("{nothing}")
    assert len(documents._kept) == MOST_KEPT
