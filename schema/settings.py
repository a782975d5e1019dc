"""Runtime settings."""

from __future__ import annotations

from enum import auto

import strawberry

from domain.settings import model
from schema.bind import Words, listed, shows
from schema.shared import Governed


@listed
class RuntimeSettingKind(Words):
    """How a value is read."""

    INTEGER = auto()
    BOOLEAN = auto()
    DURATION = auto()
    BASIS_POINTS = auto()
    TEXT = auto()


@shows(model.RuntimeSetting)
class RuntimeSetting(Governed):
    """A value that can change without a deploy; every change is kept with old and new."""

    key: str
    title: str
    kind: RuntimeSettingKind
    value: str = strawberry.field(description="In the kind's canonical text: `900`, `PT15M`, `true`.")
    default_value: str
    minimum: str | None = strawberry.field(description="Bounds in the same text.")
    maximum: str | None
