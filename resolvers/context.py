"""What one operation carries: who looks, through which reader, with which keys and ports; nothing outlives it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from db import select, vault
from db.lending import Pool
from db.reader import Reader
from db.select import Asked, Sight
from db.source import Relation, Source
from domain.access.identity import Identity
from domain.command import Actor, Ref, Request
from domain.model import Entity
from domain.page import CursorError, Cursors, Page, Wanted, place
from domain.ports import Cipher, Ports, SealError
from domain.visibility import Cells, is_open
from resolvers.errors import bad_request, unauthenticated
from resolvers.global_id import GlobalIds

T = TypeVar("T", bound=Entity)
ORGANIZATION_NEEDED = "session.organization_needed"


@dataclass(frozen=True, slots=True)
class World:
    """What every operation of a process shares; built once from the runtime."""

    pool: Pool
    ports: Ports
    cipher: Cipher
    cells: Cells
    ids: GlobalIds
    cursors: Cursors
    database_wait_s: float = 2.0


@dataclass(slots=True)
class Context:
    """`viewer` is None when nobody is signed in. `memory` keeps the loaders of the current snapshot."""

    world: World
    viewer: Identity | None
    request: Request
    identify: Callable[[], Awaitable[Identity | None]] | None = None
    memory: dict[Any, Any] = field(default_factory=dict)
    questions: int = 0  # POSTs that `permittedActions` made so far
    _asked: Asked | None = None
    _alone: bool = False

    @property
    def ports(self) -> Ports:
        return self.world.ports

    @property
    def seer(self) -> Identity:
        """The viewer of a read. Raises `RequestError` UNAUTHENTICATED where nobody acts for an organization."""
        if self.viewer is None:
            raise unauthenticated()
        if self.viewer.organization is None:
            raise unauthenticated("Choose an organization with sessionSwitch first.", ORGANIZATION_NEEDED)
        return self.viewer

    @property
    def actor(self) -> Actor:
        """The viewer as whoever asks for a change."""
        seer = self.seer
        return Actor(seer.organization or seer.platform, seer.person, seer.account, seer.session)

    @property
    def explains(self) -> bool:
        """Whether the viewer holds `policy:explain`: rules and controls behind a reason."""
        return self.asked.sight.reach("decision", "explain") != "none"

    @property
    def seer_ref(self) -> Ref:
        """The acting organization: the parent of every list that has no other."""
        return Ref("organization", self.seer.platform, self.seer.organization or self.seer.platform)

    @property
    def asked(self) -> Asked:
        """The reader of the current snapshot and what the viewer may see."""
        if self._asked is None:
            seer, world = self.seer, self.world
            organization = seer.organization or seer.platform
            reader = Reader(world.pool, organization, seer.person, world.database_wait_s, alone=self._alone)
            self._asked = Asked(reader, Sight(seer, world.cells))
        return self._asked

    @property
    def statements(self) -> int:
        """How many batches this snapshot has sent."""
        return self._asked.reader.statements if self._asked else 0

    def blind(self, source: Source[Any]) -> bool:
        """Whether policy shows this viewer no row of a source, so that a whole list is withheld."""
        sight = self.asked.sight
        reach = sight.reach(source.noun, source.group)
        return not source.parts and reach == "none" and not is_open(sight.cells, source.noun, source.group)

    def encode(self, ref: Ref) -> str:
        return self.world.ids.encode(ref)

    def decode(self, text: str, *nouns: str) -> Ref | None:
        return self.world.ids.decode(text, *nouns)

    async def end_read(self) -> None:
        """Give the connection back before anything that is not PostgreSQL is awaited, and at the end."""
        if self._asked is not None:
            await self._asked.reader.end()

    async def fresh(self, *, alone: bool = False) -> None:
        """Forget what was read: after a change, the next batch sees a new snapshot; `alone` when it will be the only
        one, which then needs no transaction.
        """
        await self.end_read()
        self._asked, self._alone = None, alone
        self.memory.clear()

    async def become(self) -> None:
        """Look again who the session acts for, after it was switched."""
        await self.fresh()
        if self.identify is not None:
            self.viewer = await self.identify()

    async def by_ids(self, source: Source[T], refs: Sequence[Ref]) -> list[T | None]:
        return await select.by_ids(self.asked, source, refs)

    async def children(self, relation: Relation[T], parents: Sequence[Entity]) -> list[list[T]]:
        return await self.under(relation, [parent.ref for parent in parents])

    async def under(self, relation: Relation[T], parents: Sequence[Ref]) -> list[list[T]]:
        """The same for parents that are known by reference only."""
        return await select.children(self.asked, relation, parents)

    async def pages(self, relation: Relation[T], parents: Sequence[Ref], wanted: Wanted) -> list[Page[T]]:
        """One page per parent. Raises `RequestError` for a cursor of another list."""
        after = None
        if wanted.after is not None:
            try:
                after = self.world.cursors.open(self.place(relation, wanted), wanted.after)
            except CursorError as error:
                raise bad_request("`after` is not a cursor of this list.") from error
        return await select.pages(self.asked, relation, parents, wanted, after)

    async def counts(
        self, relation: Relation[T], parents: Sequence[Ref], filter: Mapping[str, Any]
    ) -> list[int | None]:
        return await select.counts(self.asked, relation, parents, filter)

    def place(self, relation: Relation[T], wanted: Wanted) -> str:
        """The name of one list for its cursors: of one relation, for this organization."""
        return place(relation.source.model.noun, wanted, relation.on, self.seer.organization)

    async def texts(self, places: Sequence[vault.Place]) -> list[str | SealError | None]:
        """Sealed texts, opened; None where nothing is kept, was erased, or may not be read.

        One that does not open is its error, so that the others of the level are shown all the same.
        """
        found = await vault.sealed(self.asked.reader, places)
        return [None if kept is None else self._opened(where, kept) for where, kept in zip(places, found, strict=True)]

    def _opened(self, where: vault.Place, kept: tuple[bytes, bytes]) -> str | SealError:
        try:
            return self.world.cipher.open(*where, *kept)
        except SealError as error:
            return error


@asynccontextmanager
async def open_context(
    world: World,
    viewer: Identity | None,
    request: Request,
    identify: Callable[[], Awaitable[Identity | None]] | None = None,
) -> AsyncIterator[Context]:
    """The context of one operation; `identify` reads the session's identity again after a switch."""
    context = Context(world, viewer, request, identify)
    try:
        yield context
    finally:
        await context.end_read()
