"""The one way to act: arguments become a `Command`, `act` carries it out, a saga is driven to its answer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from domain.act import act
from domain.command import Actor, Command, Outcome, Ref
from domain.machines import MUTATIONS
from domain.refusals import Invalid, Violation
from domain.saga import settle
from resolvers.context import Context
from resolvers.errors import unauthenticated
from resolvers.inputs import INPUTS, PRIVATE, SOURCES, BadFieldError, Decode, camel
from resolvers.membership import organization_needed
from resolvers.nodes import nowhere

_ABOUT_THE_CALL = frozenset({"idempotency_key", "dry_run"})


async def run(context: Context, mutation: str, values: Mapping[str, Any]) -> Outcome:
    """Carry out one mutation. `values` are the input's fields in snake_case, ids still opaque, absent ones left out.

    Raises `RequestError` UNAUTHENTICATED without a signed-in viewer; every other no is `Outcome.refusal`.
    """
    viewer = context.viewer
    if viewer is None:
        raise unauthenticated()
    await context.end_read()  # no read transaction is held while OPA is asked
    command = command_of(context, mutation, values)
    if isinstance(command, Invalid):
        return Outcome(refusal=command)
    if viewer.organization is None and mutation != "sessionSwitch":
        return await organization_needed(context, command)
    outcome = await act(command, context.ports)
    return await settle(outcome, command, context.ports)


def command_of(context: Context, mutation: str, values: Mapping[str, Any]) -> Command | Invalid:
    """Decode and bound the arguments; all broken fields are told at once."""
    action, spec, viewer = MUTATIONS[mutation], INPUTS[mutation], context.viewer
    dry_run = bool(values.get("dry_run", False))  # writes nothing, so no key is spent on it
    if viewer is None:
        raise unauthenticated()
    args, violations = _arguments(mutation, values, context.decode)
    violations += _key_violations(values.get("idempotency_key"), required=action.key == "required")
    if violations:
        return Invalid("The input breaks its rules.", tuple(violations))
    target: Ref | None = None
    if spec.target and values.get(spec.target[0]) is not None:
        noun = spec.target[1]
        target = context.decode(values[spec.target[0]], noun) or nowhere(noun)
    if mutation == "sessionSwitch":
        target = Ref("session", viewer.organization or viewer.platform, viewer.session)
    return Command(
        action=action.name,
        actor=Actor(viewer.organization or viewer.platform, viewer.person, viewer.account, viewer.session),
        request=context.request,
        target=target,
        args=args,
        expected_version=values.get("expected_version"),
        key=None if dry_run else values.get("idempotency_key"),
        fingerprint=fingerprint(mutation, values),
        dry_run=dry_run,
    )


def _arguments(mutation: str, values: Mapping[str, Any], decode: Decode) -> tuple[dict[str, Any], list[Violation]]:
    args: dict[str, Any] = {}
    violations: list[Violation] = []
    for name, read in INPUTS[mutation].fields.items():
        given = SOURCES.get(name, name.removeprefix(PRIVATE))
        value = values.get(given)
        if value is None:
            args[name] = None
            continue
        try:
            args[name] = read(value, (camel(given),), decode)
        except BadFieldError as error:
            violations.append(error.violation)
    return args, violations


def _key_violations(key: str | None, *, required: bool) -> list[Violation]:
    path = ("idempotencyKey",)
    if key is None:
        return [Violation(path, "REQUIRED", "An idempotency key is needed here.")] if required else []
    if not 16 <= len(key) <= 128 or not key.isprintable():
        return [Violation(path, "LENGTH", "Must have 16 to 128 printable characters.")]
    return []


def fingerprint(mutation: str, values: Mapping[str, Any]) -> bytes:
    """SHA-256 over the canonical arguments; the key itself and `dryRun` do not count."""
    counted = {name: value for name, value in values.items() if name not in _ABOUT_THE_CALL and value is not None}
    canonical = orjson.dumps([mutation, counted], default=_jsonable, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).digest()


def _jsonable(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return getattr(value, "value", None) or str(value)
