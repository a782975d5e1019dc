"""The directives that our fields carry."""

from __future__ import annotations

import strawberry
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="semanticNonNull",
    description=(
        "A non-null field in the absence of an error: policy may answer null together with an error at that path,"
        " and siblings survive."
    ),
)
class SemanticNonNull:
    levels: list[int] = strawberry.field(default_factory=lambda: [0])


SEMANTIC = SemanticNonNull()
