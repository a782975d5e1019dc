"""The one driver of several changes: what is next is each kind's pure `next_step`; here it is done, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.act import LeaseLostError, act, replay
from domain.command import Actor, Command, Outcome, Ref, Request
from domain.facts import Facts, Resource
from domain.orders import saga as dispatch
from domain.payments import saga as release
from domain.payments.provider import ProviderUnavailableError
from domain.ports import Ports
from domain.purchases import saga as checkout
from domain.sagas.facts import SagaFacts, SagaKind, detail_of, system_for
from domain.sagas.rules import DRIVEN_S, FIRST_FENCE
from domain.sagas.steps import (
    Authorize,
    Books,
    Capture,
    Close,
    Closing,
    Ended,
    Last,
    Lookup,
    Refused,
    Reload,
    Step,
    Void,
    Write,
)
from domain.sagas.waiting import BUSY

STEPS = 20  # of one drive; whatever is left is taken up again when its time comes
PATIENCE_S = 2.0  # how long a repeated request waits for the outcome of the first
GLANCE_S = 0.1
_INNER = frozenset({"saga", "authorization"})  # nouns of a step that no client asked for

NextStep = Callable[[Resource[SagaFacts], Last, datetime], Step]
NEXT: dict[SagaKind, NextStep] = {
    "checkout": checkout.next_step,
    "dispatch": dispatch.next_step,
    "release": release.next_step,
}


async def settle(outcome: Outcome, command: Command, ports: Ports) -> Outcome:
    """What the client of a command is told: the outcome as it is, or what the saga behind it comes to."""
    if outcome.saga is None:
        return outcome
    if not outcome.replayed:
        driven = await drive(outcome.saga, command.request, ports, FIRST_FENCE)
        if driven is not None:
            return driven
    return await _attach(outcome, outcome.saga, command, ports)


async def drive(saga: Ref, request: Request, ports: Ports, fence: int) -> Outcome | None:
    """Go on until the saga ends or has to wait; None where there is nothing (more) to tell.

    `fence` is the holding of the lease: who lost it to another process changes nothing any more.
    """
    last: Last = None
    found = await _look(saga, request, ports)
    for _ in range(STEPS):
        resource: Resource[SagaFacts] | None = found.resource
        step = Ended() if resource is None else next_step(resource, last, found.context.now)
        match step:
            case Write() if resource is not None:
                done = await _write(step, _command(step, resource, request, fence), ports)
                if not isinstance(done, Refused):
                    if done is None or step.then == "stop":
                        return done
                    found = await _look(saga, request, ports)
                last = done if isinstance(done, Refused) else None
            case Reload():
                found, last = await _look(saga, request, ports), None
            case Authorize() | Capture() | Void() | Close() | Lookup():
                last = await _call(step, ports)
            case _:
                return None
    return None


async def _write(step: Write, command: Command, ports: Ports) -> Outcome | Refused | None:
    """One change: what the client is told if it ends here, why it was not made, or None where the lease is lost."""
    try:
        outcome = await act(command, ports)
    except LeaseLostError:
        return None
    if outcome.refusal is None:
        return _told(step, outcome)
    if step.action == "saga.advance":  # not even waiting could be written down: the lease will lapse
        return None
    return Refused(step, outcome.refusal)


def next_step(saga: Resource[SagaFacts], last: Last, now: datetime) -> Step:
    """The next step of any saga."""
    return NEXT[detail_of(saga).kind](saga, last, now)


async def _look(saga: Ref, request: Request, ports: Ports) -> Facts[Any]:
    return await ports.store.facts(Command("saga.advance", Actor(saga.home), request, target=saga))


def _command(step: Write, saga: Resource[SagaFacts], request: Request, fence: int) -> Command:
    return Command(
        action=step.action,
        actor=system_for(saga),
        request=request,
        target=step.target,
        args={**step.args, "_fence": fence},
    )


def _told(step: Write, outcome: Outcome) -> Outcome:
    nouns = {name: ref for name, ref in outcome.nouns.items() if name not in _INNER}
    return Outcome(nouns=nouns, refusal=step.tells)


async def _call(step: Authorize | Capture | Void | Close | Lookup, ports: Ports) -> Last:
    """One call of the provider, outside any transaction."""
    match step:
        case Authorize():
            return await ports.payments.authorize(step.key, step.reference, step.amount, step.currency, step.method)
        case Capture():
            return await ports.payments.capture(step.key, step.authorization, step.amount)
        case Void():
            return await ports.payments.void(step.key, step.authorization)
        case Close():
            return Closing(await ports.payments.close(step.key))
        case Lookup():
            try:
                return Books(await ports.payments.find(step.reference))
            except ProviderUnavailableError:
                return Books(None)


async def _attach(outcome: Outcome, saga: Ref, command: Command, ports: Ports) -> Outcome:
    """A repeat waits a little for the first one's outcome, and drives the saga itself where nobody does."""
    waited = 0.0
    while True:
        facts = await ports.store.facts(command)
        if facts.stored is not None and facts.stored.state == "done":
            return replay(command, facts.stored)
        found = (await _look(saga, command.request, ports)).resource
        driven = None if found is None else await _take_over(found, facts.context.now, command, ports)
        if driven is not None:
            return replace(driven, replayed=True)
        if found is not None and _is_shown_waiting(found):
            return Outcome(nouns=outcome.nouns, replayed=True)
        if waited >= PATIENCE_S:
            return Outcome(refusal=BUSY)
        await ports.leases.pause(GLANCE_S)
        waited += GLANCE_S


async def _take_over(saga: Resource[SagaFacts], now: datetime, command: Command, ports: Ports) -> Outcome | None:
    due = detail_of(saga).next_attempt_at
    if due is None or due > now:
        return None
    fence = await ports.leases.take(saga.ref, DRIVEN_S)
    return None if fence is None else await drive(saga.ref, command.request, ports, fence)


def _is_shown_waiting(saga: Resource[SagaFacts]) -> bool:
    """A purchase that waits for its provider is an answer; whatever else is under way is not."""
    subject = detail_of(saga).subject
    return subject is not None and subject.state == "awaiting_provider"
