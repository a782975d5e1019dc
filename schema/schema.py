"""The schema, put together; everything it shows is declared in the other modules of this room."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.mutation import Mutation
from schema.query import Query
from schema.refusals import REFUSALS
from schema.scalars import SCALARS
from schema.timeline import ENTRIES

SCHEMA = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    types=[*REFUSALS, *ENTRIES],
    config=StrawberryConfig(disable_field_suggestions=True, scalar_map=SCALARS),
)
