"""Vendors as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from domain.model import Governed


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor(Governed):
    """`home` is the organization that runs it."""

    noun: ClassVar[str] = "vendor"
    name: str
    country: str
