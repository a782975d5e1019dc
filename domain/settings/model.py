"""Runtime settings as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from domain.model import Governed


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeSetting(Governed):
    noun: ClassVar[str] = "runtime_setting"
    key: str
    title: str
    kind: str
    value: str
    default_value: str
    minimum: str | None
    maximum: str | None
