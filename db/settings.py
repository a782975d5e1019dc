"""How runtime settings are read."""

from __future__ import annotations

from db.source import Relation, Source
from domain.settings.model import RuntimeSetting

SETTINGS: Source[RuntimeSetting] = Source(model=RuntimeSetting, table="runtime_setting", columns={"label": "r.title"})

ALL = Relation(SETTINGS, "true", "r.key")
