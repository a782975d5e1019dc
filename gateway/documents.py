"""Turns the text of a document into one that may run, once per text; runs none."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    Token,
    TokenKind,
    parse,
    validate,
)

from domain.cards import has_card_number
from gateway.cost import Measure
from gateway.errors import Place, RefusedError
from gateway.overlap import check_overlap
from gateway.pages import page_defaults

MOST_TOKENS = 1_000
MOST_ERRORS = 5
MOST_KEPT = 500
LONGEST_KEPT = 32 * 1024
_TOO_LONG = "Document contains more than"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that was parsed, measured and validated."""

    document: DocumentNode
    operations: Mapping[str, OperationDefinitionNode]
    page_variables: frozenset[str]

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation to run; raises `RefusedError` when `name` does not say which."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is None or name not in self.operations:
            raise RefusedError("BAD_REQUEST", "operationName must name one of the operations of the document.")
        return self.operations[name]


class Documents:
    """Keeps the most recently used documents by their exact text; refused ones are not kept."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._defaults = page_defaults(schema)
        self._kept: OrderedDict[str, Prepared] = OrderedDict()

    def prepare(self, text: str) -> Prepared:
        """Raises `RefusedError` for a document that may not run."""
        prepared = self._kept.get(text)
        if prepared is not None:
            self._kept.move_to_end(text)
            return prepared
        prepared = self._prepare(text)
        if len(text) <= LONGEST_KEPT:
            self._kept[text] = prepared
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return prepared

    def check_cost(self, prepared: Prepared, variables: Mapping[str, Any]) -> None:
        """Page sizes that came as variables; everything else was measured when the document was prepared."""
        if prepared.page_variables:
            Measure(prepared.document, variables, self._defaults).check()

    def _prepare(self, text: str) -> Prepared:
        document = _parse(text)
        _check_texts(document)
        measure = Measure(document, {}, self._defaults)
        measure.check()
        check_overlap(document)
        errors = validate(self._schema, document, max_errors=MOST_ERRORS, hide_suggestions=True)
        if errors:
            raise InvalidDocumentError(errors[:MOST_ERRORS])
        operations = {
            node.name.value if node.name else "": node
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        }
        return Prepared(document, operations, frozenset(measure.page_variables))


class InvalidDocumentError(RefusedError):
    """Several errors of one document."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        self._parts = [RefusedError("VALIDATION_FAILED", error.message, locations=places(error)) for error in errors]
        super().__init__("VALIDATION_FAILED", self._parts[0].message)

    @property
    def parts(self) -> Sequence[RefusedError]:
        return self._parts


def places(error: GraphQLError) -> list[Place]:
    return [{"line": place.line, "column": place.column} for place in error.locations or ()]


def card_refused() -> RefusedError:
    return RefusedError(
        "CARD_NUMBER_REFUSED",
        "A text looks like the number of a payment card (13 to 19 digits that pass its check). It was not kept.",
    )


def _parse(text: str) -> DocumentNode:
    try:
        return parse(text, max_lexical_tokens=MOST_TOKENS, max_comments=MOST_TOKENS)
    except GraphQLSyntaxError as error:
        if _TOO_LONG in error.message:
            raise RefusedError("DOCUMENT_TOO_LONG", f"A document may have at most {MOST_TOKENS} tokens.") from None
        raise RefusedError("BAD_REQUEST", error.message, locations=places(error)) from None


def _check_texts(document: DocumentNode) -> None:
    """The literal texts of a document are held to what the texts of variables are."""
    token: Token | None = document.loc.start_token if document.loc else None
    while token is not None:
        if token.kind in (TokenKind.STRING, TokenKind.BLOCK_STRING):
            text = token.value or ""
            if "\0" in text:
                raise RefusedError("BAD_REQUEST", "A text contains the character NUL.")
            if has_card_number(text):
                raise card_refused()
        token = token.next
