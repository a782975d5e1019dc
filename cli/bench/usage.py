"""What processes have used so far, read from /proc: CPU seconds and resident memory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_MEGABYTE = 1024  # kB, as /proc counts


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes."""

    resident: float
    peak: float


def cpu(pids: Mapping[str, int]) -> dict[str, float]:
    """CPU seconds by name, the children of each included."""
    children = _children()
    return {name: _with_children(pid, children) for name, pid in pids.items()}


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in after}


def memory(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = {line.partition(":")[0]: line.split()[1] for line in lines if line.startswith(("VmRSS", "VmHWM"))}
    return Memory(int(found["VmRSS"]) / _MEGABYTE, int(found["VmHWM"]) / _MEGABYTE)


def _with_children(pid: int, children: Mapping[int, list[int]]) -> float:
    """Those that have ended are in their parent's account."""
    fields = _stat(pid)
    own = sum(int(ticks) for ticks in fields[11:15]) / _TICK if fields else 0.0
    return own + sum(_with_children(child, children) for child in children.get(pid, ()))


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        fields = _stat(int(entry.name)) if entry.name.isdigit() else []
        if fields:
            found.setdefault(int(fields[1]), []).append(int(entry.name))
    return found


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold blanks; none for a process that has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
