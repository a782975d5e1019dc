"""Chooses the media type of an answer, and the status that goes with it, as GraphQL over HTTP has them."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.errors import RefusedError

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Media:
    type: str
    older_client: bool = False

    def status(self, error: RefusedError) -> int:
        """An older client, one that accepts nothing but `application/json`, reads a refused document from a 200."""
        of_document = error.code == "VALIDATION_FAILED" or bool(error.locations)
        return 200 if self.older_client and of_document else error.status

    @property
    def content_type(self) -> str:
        return f"{self.type}; charset=utf-8"


def accepted(accept: str | None) -> Media:
    """`application/graphql-response+json` where it is named; for everybody else `application/json`."""
    weights = dict(_weight(part) for part in (accept or "").lower().split(","))
    graphql, json = weights.get(GRAPHQL, 0.0), weights.get(JSON, 0.0)
    if graphql > 0 and graphql >= json:
        return Media(GRAPHQL)
    return Media(JSON, older_client=json > 0 and graphql == 0 and "*/*" not in weights)


def _weight(part: str) -> tuple[str, float]:
    kind, *parameters = (piece.strip() for piece in part.split(";"))
    weight = next((text[2:] for text in parameters if text.startswith("q=")), "1")
    try:
        return kind, float(weight)
    except ValueError:
        return kind, 0.0
