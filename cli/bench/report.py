"""What was measured, as values, as JSON and as a table for people; measures nothing."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from cli.bench.load import Sample
from cli.bench.usage import Memory

OURS = "portcullis"
FLOORS = ("fair", "raw")


@dataclass(slots=True)
class Side:
    """All turns of one side of a row, and what its processes used in them."""

    samples: list[Sample] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)

    def add(self, sample: Sample, used: Mapping[str, float]) -> None:
        self.samples.append(sample)
        self.cpu = {name: self.cpu.get(name, 0.0) + seconds for name, seconds in used.items()}

    @property
    def operations(self) -> int:
        return sum(len(sample.latencies) for sample in self.samples)

    @property
    def wrong(self) -> int:
        return sum(sample.wrong for sample in self.samples)

    def summary(self) -> dict[str, float | int | dict[str, float]]:
        latencies = sorted(latency for sample in self.samples for latency in sample.latencies)
        count = max(len(latencies), 1)
        return {
            "operations": len(latencies),
            "wrong": self.wrong,
            "per_second": round(statistics.median(sample.rate for sample in self.samples), 1),
            "p50_ms": _ms(latencies[len(latencies) // 2]) if latencies else 0.0,
            "p99_ms": _ms(latencies[min(len(latencies) * 99 // 100, len(latencies) - 1)]) if latencies else 0.0,
            "cpu_ms": {name: _ms(seconds / count) for name, seconds in self.cpu.items()},
        }


@dataclass(frozen=True, slots=True)
class PerOperation:
    """How often one operation goes out, of the mean of a few; None where it cannot be counted."""

    statements: float
    round_trips: float
    writes: float
    questions: float


@dataclass(slots=True)
class Row:
    name: str
    clients: int
    sides: dict[str, Side] = field(default_factory=dict)
    per_operation: PerOperation | None = None
    at_least: float | None = None  # the ratio to the fair floor that we want
    cpu_at_most: float | None = None  # ms of gateway, worker and OPA that we want

    def ratio(self, floor: str) -> float | None:
        """Median over the rounds: noise of the machine hits both sides of a round. None where a floor did nothing."""
        if floor not in self.sides:
            return None
        turns = list(zip(self.sides[OURS].samples, self.sides[floor].samples, strict=True))
        if not all(theirs.rate for _, theirs in turns):
            return None
        return statistics.median(ours.rate / theirs.rate for ours, theirs in turns)

    @property
    def own_cpu_ms(self) -> float:
        """Of the processes that the design counts: gateway, worker and policy engine."""
        ours = self.sides[OURS]
        used = sum(ours.cpu.get(name, 0.0) for name in ("gateway", "worker", "opa"))
        return _ms(used / max(ours.operations, 1))


@dataclass(frozen=True, slots=True)
class Report:
    machine: Mapping[str, str]
    rows: Sequence[Row]
    memory: Mapping[str, Memory]

    @property
    def is_valid(self) -> bool:
        return not any(side.wrong or not side.operations for row in self.rows for side in row.sides.values())


def as_data(report: Report) -> str:
    rows = [
        {
            "row": row.name,
            "clients": row.clients,
            "sides": {name: side.summary() for name, side in row.sides.items()},
            "ratio": {floor: _rounded(row.ratio(floor)) for floor in FLOORS},
            "own_cpu_ms": row.own_cpu_ms,
            "per_operation": row.per_operation and asdict(row.per_operation),
            "wanted": {"ratio_at_least": row.at_least, "own_cpu_ms_at_most": row.cpu_at_most},
        }
        for row in report.rows
    ]
    memory = {name: asdict(found) for name, found in report.memory.items()}
    return json.dumps({"machine": dict(report.machine), "rows": rows, "memory_mb": memory}, indent=1)


def table(report: Report) -> str:
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield ", ".join(f"{name} {value}" for name, value in report.machine.items())
    for row in report.rows:
        yield ""
        yield f"{row.name}, {row.clients} clients{_wanted(row)}"
        yield f"  {'':<12}{'per s':>9}{'p50 ms':>9}{'p99 ms':>9}  CPU ms an operation"
        for name, side in row.sides.items():
            found = side.summary()
            used = "  ".join(f"{process} {ms:.2f}" for process, ms in found["cpu_ms"].items())  # type: ignore[union-attr]
            wrong = f"  INVALID: {side.wrong} wrong answers" if side.wrong else ""
            yield f"  {name:<12}{found['per_second']:>9}{found['p50_ms']:>9}{found['p99_ms']:>9}  {used}{wrong}"
        yield from _told(row)
    yield ""
    for name, found_memory in report.memory.items():
        yield f"{name}: {found_memory.resident:.0f} MB resident, {found_memory.peak:.0f} MB at most"


def _told(row: Row) -> Iterator[str]:
    ratios = [f"{ratio:.3f} of the {floor} floor" for floor in FLOORS if (ratio := row.ratio(floor)) is not None]
    if ratios:
        yield f"  {', '.join(ratios)}"
    yield f"  gateway, worker and OPA together: {row.own_cpu_ms:.2f} ms of CPU an operation"
    if row.per_operation is not None:
        one = row.per_operation
        yield (
            f"  an operation: {one.statements:g} statements in {one.round_trips:g} round trips, "
            f"{one.writes:g} writing transactions, {one.questions:g} questions to policy"
        )


def _wanted(row: Row) -> str:
    wanted = [f"{row.at_least:g} of the fair floor"] if row.at_least is not None else []
    wanted += [f"at most {row.cpu_at_most:g} ms of CPU"] if row.cpu_at_most is not None else []
    return f" (wanted: {' and '.join(wanted)})" if wanted else ""


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _rounded(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio, 4)
