"""Runs one prepared operation and shows its errors; parsing, validation and limits came before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, execute
from strawberry import Schema

from adapters.telemetry import Log, told
from db.outages import is_outage
from gateway.documents import Prepared, places
from gateway.errors import CODES, RefusedError, extensions
from gateway.exchange import Exchange
from resolvers.errors import RequestError


class Executor:
    """Executes through graphql-core itself, because strawberry's own entry parses and validates every time."""

    def __init__(self, schema: Schema, log: Log) -> None:
        self._schema = schema._schema  # noqa: SLF001 -- strawberry offers no other way to a GraphQLSchema
        self._executor_class = schema.execution_context_class
        self._log = log

    async def run(
        self, prepared: Prepared, operation: OperationDefinitionNode, variables: Mapping[str, Any], context: Any
    ) -> ExecutionResult:
        """Root fields of a mutation run one after the other."""
        result = execute(
            self._schema,
            prepared.document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation.name.value if operation.name else None,
            executor_class=self._executor_class,
            hide_suggestions=True,
        )
        found: ExecutionResult = await result if isawaitable(result) else result
        return found

    def shown(self, result: ExecutionResult, exchange: Exchange) -> dict[str, Any]:
        """The body of an answer; raises `RefusedError` where nothing of the operation could be answered."""
        if not result.errors:
            return {"data": result.data}
        if result.data is None and all(error.path is None for error in result.errors):
            raise _bad_variables(result.errors)
        coded = [(error, self._coded(error, exchange)) for error in result.errors]
        worst = max((found for _, found in coded), key=_weight)
        exchange.outcome = worst.code
        if result.data is None and worst.code in CODES:
            raise RefusedError(worst.code, worst.message, reason=worst.reason)
        return {"data": result.data, "errors": [_at(error, found, exchange) for error, found in coded]}

    def _coded(self, error: GraphQLError, exchange: Exchange) -> RequestError:
        """Errors that are not ours to tell are masked, and logged under the request's id."""
        original = error.original_error
        if original is None or isinstance(original, GraphQLError):
            return RefusedError("VALIDATION_FAILED", error.message)
        if isinstance(original, RequestError):
            return original
        if is_outage(original):
            self._log.error("database_unavailable", request_id=exchange.request_id, exception=told(original))
            return database_unavailable()
        self._log.error(
            "masked",
            request_id=exchange.request_id,
            trace_id=exchange.trace_id,
            path=[str(step) for step in error.path or ()],
            exception=told(original),
        )
        return internal(exchange)


def database_unavailable() -> RefusedError:
    return RefusedError("DATABASE_UNAVAILABLE", "The database cannot be reached right now.")


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Ends what takes longer; raises `RefusedError` DEADLINE then."""
    deadline = asyncio.timeout(seconds)
    try:
        async with deadline:
            yield
    except TimeoutError:
        if not deadline.expired():
            raise
        raise RefusedError(
            "DEADLINE", "This took too long and was given up. Repeat a mutation with the same key."
        ) from None


def internal(exchange: Exchange) -> RefusedError:
    return RefusedError("INTERNAL", f"Something went wrong on our side. Name {exchange.request_id} when you ask.")


def _bad_variables(errors: list[GraphQLError]) -> RefusedError:
    return RefusedError("VALIDATION_FAILED", errors[0].message, locations=places(errors[0]))


def _weight(error: RequestError) -> int:
    return CODES[error.code].status if error.code in CODES else 0


def _at(error: GraphQLError, found: RequestError, exchange: Exchange) -> dict[str, Any]:
    shown: dict[str, Any] = {"message": found.message}
    if error.locations:
        shown["locations"] = places(error)
    if error.path:
        shown["path"] = error.path
    shown["extensions"] = extensions(found, exchange.request_id, exchange.trace_id)
    return shown
