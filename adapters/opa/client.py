"""The policy engine behind the domain's port: one client for the process, nothing retried, every no with its reason."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from opa_client.opa_async import AsyncOpaClient

from adapters.breaker import Breaker, BreakerState
from adapters.opa import answers
from adapters.opa.asked import Asked, asked
from adapters.opa.row import ROW, PolicyRow
from adapters.opa.wire import Raw, Session, UnusableError
from adapters.patience import patience
from domain.ports import PolicyFault, Question, Verdict

PACKAGE = "policies/main"
CHUNK = 200
_QUERY = "?provenance=true&strict-builtin-errors=true"


class SilentError(Exception):
    """Nothing usable came; the argument is the kind of fault."""


class OpaClient(AsyncOpaClient):  # type: ignore[misc]  # the library has no types
    """Enter once per process: `async with OpaClient(socket) as policy`. Implements `domain.ports.PolicyEngine`."""

    def __init__(self, socket: Path, row: PolicyRow = ROW, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(host="opa", retries=0, timeout=max(row.deadline, row.batch_deadline))
        self._socket = socket
        self._row = row
        self._clock = clock
        self._breaker = Breaker(row.breaker, clock)
        self._turns = asyncio.Semaphore(row.connections)
        self.asked = 0  # questions sent, one per decision; `/metrics` and the tests count them

    async def _init_session(self) -> None:
        """The library's, over the unix socket and without what costs on this path."""
        session: Any = Session(self._socket)
        self._session = session

    @property
    def state(self) -> BreakerState:
        """Whether asking is worth trying; `/readyz` looks at it."""
        return self._breaker.state

    async def decide(self, question: Question) -> Verdict | PolicyFault:
        """Ask once. Raises `ContractError` for a question of the wrong form, nothing for a bad answer."""
        one = asked(question)
        started = self._clock()
        try:
            body = await self.ask("decide", one.canonical, self._row.deadline)
        except (SilentError, UnusableError) as error:
            return answers.fault(one, str(error), self._since(started))
        self.asked += 1
        return answers.verdict(one, body, self._since(started))

    async def batch(self, questions: Sequence[Question]) -> Sequence[Verdict | PolicyFault]:
        """Ask many, at most `CHUNK` at a time; advisory answers, in the order of the questions."""
        found: list[Verdict | PolicyFault] = []
        for start in range(0, len(questions), CHUNK):
            found += await self._chunk([asked(question) for question in questions[start : start + CHUNK]])
        return found

    async def _chunk(self, many: list[Asked]) -> list[Verdict | PolicyFault]:
        items = ",".join(f"{json.dumps(str(n))}:{one.canonical}" for n, one in enumerate(many))
        started = self._clock()
        try:
            body = await self.ask("batch", f'{{"batch":{{{items}}}}}', self._row.batch_deadline)
        except (SilentError, UnusableError) as error:
            return [answers.fault(one, str(error), self._since(started)) for one in many]
        took = self._since(started)
        self.asked += len(many)
        return [_item(one, str(n), body, took) for n, one in enumerate(many)]

    async def ask(self, rule: str, text: str, deadline: float) -> Any:
        """One POST, in turn. Raises `SilentError` where nothing came in time, `UnusableError` where no JSON came."""
        async with self._turns:
            return await self._post(rule, text, deadline)

    async def _post(self, rule: str, text: str, deadline: float) -> Any:
        ticket = self._breaker.admit()
        if ticket is None:
            raise SilentError("breaker")
        healthy: bool | None = None
        try:
            async with patience(deadline):
                given: Any = Raw(text)  # the library means a dict, and hands on whatever it is given
                body = await self.query_rule(given, PACKAGE, rule + _QUERY)
            healthy = True
        except TimeoutError:
            healthy = False
            raise SilentError("timeout") from None
        except UnusableError:
            healthy = True
            raise
        except ValueError:
            healthy = True
            raise UnusableError("not_json") from None
        except OSError:
            healthy = False
            raise SilentError("unreachable") from None
        finally:
            self._breaker.settle(ticket, healthy=healthy)
        return body

    def _since(self, started: float) -> int:
        return round((self._clock() - started) * 1000)


def _item(one: Asked, key: str, body: Any, took_ms: int) -> Verdict | PolicyFault:
    """One answer out of a batch; a key that is missing is a no."""
    wrong = answers.bundle_fault(body, one.question.accepted)
    if wrong is not None:
        return answers.fault(one, wrong, took_ms)
    result = body.get("result")
    if not isinstance(result, dict) or key not in result:
        return answers.fault(one, "undefined", took_ms)
    return answers.one_result(one, result[key], int(answers.revision_of(body) or 0), took_ms)
