"""Engines for the client's tests: the real one, loaded as in production."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import tools
from adapters.opa.gates.engine import Engine, serving
from wiring.settings import Settings


@pytest.fixture(scope="session")
def opa() -> Path:
    return tools.ensure(tools.OPA, Settings().tools)


@pytest.fixture(scope="session")
def engine(opa: Path) -> Iterator[Engine]:
    """Revision 1, with its authorization; nobody stops it."""
    with serving(opa, authz=True) as running:
        yield running
