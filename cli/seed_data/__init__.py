"""The demo marketplace as data; ids come from names, so that they are the same on every machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

NAMESPACE = UUID("6f1d4f6c-1d7f-5a55-9a5e-2d0f4b1c7a10")
CURRENCY = "EUR"


def seeded(kind: str, name: str) -> UUID:
    """The id of one seeded row: `seeded("person", "buyer@acme.example")`, `seeded("variant", "VW-SOCKET")`."""
    return uuid5(NAMESPACE, f"{kind}:{name}")


@cache
def load(name: str) -> Any:
    """One of the YAML files beside this one."""
    return yaml.safe_load((Path(__file__).with_name(f"{name}.yaml")).read_text(encoding="utf-8"))
