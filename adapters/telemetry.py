"""Logs as JSON lines and the figures of /metrics; decides neither what is logged nor when."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO, TypeVar

import orjson
import structlog
from prometheus_client import (
    GC_COLLECTOR,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

Log = structlog.typing.FilteringBoundLogger
M = TypeVar("M", Counter, Histogram)

# Seconds; the upper end is the deadline of an operation.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_FRAMES = 12
_STAMPS: list[structlog.typing.Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logger(process: str, stream: TextIO = sys.stderr) -> Log:
    """One JSON object a line; every line names the process."""
    found = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[*_STAMPS, _json],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    bound: Log = found.bind(process=process)  # or every line would be bound anew
    return bound


def catch_library_logs(process: str, stream: TextIO = sys.stderr) -> None:
    """What libraries log through the standard library, from warnings up, in the same shape."""

    def name_process(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return {"process": process, **event}

    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                name_process,
                _without_message,
                _json,
            ],
            foreign_pre_chain=_STAMPS,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def told(error: BaseException) -> dict[str, Any]:
    """An exception by type and place. Its message is left out: it may quote what a client sent."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    found: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "stack": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    state = getattr(error, "sqlstate", None)
    if state is not None:
        found["sqlstate"] = state
    if cause is not None:
        found["cause"] = told(cause)
    return found


def _without_message(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    given = event.pop("exc_info", None)
    if isinstance(given, tuple) and given[1] is not None:
        event["exception"] = told(given[1])
    return event


def _json(_: Any, __: str, event: structlog.typing.EventDict) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


class Figures:
    """The metrics of one process. Every label has few values, all of them ours and none a client's."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(GC_COLLECTOR)
        self.requests = Counter(
            "portcullis_requests", "Requests by outcome code.", ("route", "outcome"), registry=self.registry
        )
        self.request_seconds = Histogram(
            "portcullis_request_seconds",
            "Time of a request.",
            ("route", "operation"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.decisions = Counter(
            "portcullis_decisions", "Decisions kept, by outcome.", ("outcome", "decider"), registry=self.registry
        )
        self.policy_seconds = Histogram(
            "portcullis_policy_seconds",
            "Time of one question to the policy engine.",
            ("entry", "outcome"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.database_seconds = Histogram(
            "portcullis_database_seconds",
            "Time of one call of the store.",
            ("call",),
            buckets=_BUCKETS,
            registry=self.registry,
        )

        self._children: dict[tuple[Any, ...], Any] = {}

    def of(self, metric: M, *labels: str) -> M:
        """The metric of these labels, looked up without a lock: there are few, and none is ever removed."""
        found: M | None = self._children.get((metric, labels))
        if found is None:
            found = self._children[metric, labels] = metric.labels(*labels)
        return found

    def watch(self, name: str, what: str, read: Callable[[], Mapping[str, float]]) -> None:
        """A gauge that is read when it is asked for; `read` answers by value of the label `state`."""
        self.registry.register(_Watched(name, what, read))


class _Watched(Collector):
    def __init__(self, name: str, what: str, read: Callable[[], Mapping[str, float]]) -> None:
        self._name, self._what, self._read = name, what, read

    def collect(self) -> Iterable[GaugeMetricFamily]:
        family = GaugeMetricFamily(self._name, self._what, labels=("state",))
        for state, value in self._read().items():
            family.add_metric((state,), value)
        yield family
