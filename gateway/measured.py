"""The ports as the gateway uses them: the same answers, with time and decisions noted for request, log and metrics."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from adapters.telemetry import Figures
from domain.change import Change, ChangeAnswer, Decision, Done, Idempotency, Stored
from domain.command import Command
from domain.facts import Facts
from domain.ports import PolicyEngine, PolicyFault, Ports, Question, Store, Verdict
from gateway import exchange


def measured(ports: Ports, figures: Figures) -> Ports:
    return replace(ports, store=MeasuredStore(ports.store, figures), policy=MeasuredPolicy(ports.policy, figures))


class MeasuredPolicy:
    def __init__(self, policy: PolicyEngine, figures: Figures) -> None:
        self._policy = policy
        self._figures = figures

    def __getattr__(self, name: str) -> Any:
        """What only the OPA client offers is offered unmeasured."""
        return getattr(self._policy, name)

    async def decide(self, question: Question) -> Verdict | PolicyFault:
        started = time.perf_counter()
        answer = await self._policy.decide(question)
        self._note("decide", _outcome(answer), started)
        return answer

    async def batch(self, questions: Sequence[Question]) -> Sequence[Verdict | PolicyFault]:
        started = time.perf_counter()
        answers = await self._policy.batch(questions)
        self._note("batch", "answered", started)
        return answers

    def _note(self, entry: str, outcome: str, started: float) -> None:
        seconds = time.perf_counter() - started
        self._figures.of(self._figures.policy_seconds, entry, outcome).observe(seconds)
        running = exchange.current()
        if running is not None:
            running.spend("policy", seconds)


def _outcome(answer: Verdict | PolicyFault) -> str:
    if isinstance(answer, PolicyFault):
        return answer.code
    return "allow" if answer.allow else "deny"


class MeasuredStore:
    def __init__(self, store: Store, figures: Figures) -> None:
        self._store = store
        self._figures = figures

    def __getattr__(self, name: str) -> Any:
        """What only the PostgreSQL store offers is offered unmeasured."""
        return getattr(self._store, name)

    async def facts(self, command: Command) -> Facts[Any]:
        with self._timed("facts"):
            return await self._store.facts(command)

    async def change(self, change: Change) -> ChangeAnswer:
        with self._timed("change"):
            answer = await self._store.change(change)
        if isinstance(answer, Done):
            self._decided(change.decision)
        return answer

    async def deny(self, decision: Decision) -> None:
        with self._timed("deny"):
            await self._store.deny(decision)
        self._decided(decision)

    async def remember(self, idempotency: Idempotency) -> Stored:
        with self._timed("remember"):
            return await self._store.remember(idempotency)

    def _decided(self, decision: Decision) -> None:
        self._figures.of(self._figures.decisions, decision.outcome, decision.decider).inc()
        running = exchange.current()
        if running is not None:
            running.decisions.append(decision.id)

    @contextmanager
    def _timed(self, call: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            seconds = time.perf_counter() - started
            self._figures.of(self._figures.database_seconds, call).observe(seconds)
            running = exchange.current()
            if running is not None:
                running.spend("db", seconds)
