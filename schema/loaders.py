"""Turns a batch function of `resolvers/` into a loader: what one level of an operation asks for goes out together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any

from aiodataloader import DataLoader

from domain.model import Entity
from resolvers.context import Context

Batch = Callable[..., Awaitable[Sequence[Any]]]


async def load(context: Context, batch: Batch, parent: Any, *arguments: Any, under: Hashable = None) -> Any:
    """What `batch` answers for one parent, together with all that ask with equal `under` right now."""
    name = (batch, under)
    loader = context.memory.get(name)
    if loader is None:

        async def together(parents: list[Any]) -> list[Any]:
            return list(await batch(context, *arguments, parents))

        loader = context.memory[name] = DataLoader(together, get_cache_key=_key)
    return await loader.load(parent)


def _key(parent: Any) -> Hashable:
    return parent.ref if isinstance(parent, Entity) else parent
