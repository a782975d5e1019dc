"""The closed list of what a change may do to the database, each a value; `db/effects/` has one function for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal
from uuid import UUID

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EpochBump:
    """Void every permit of one person; takes the person's gate exclusively."""

    phase: ClassVar[int] = 10
    person: UUID


@dataclass(frozen=True, slots=True)
class StandingBump:
    """Void every permit that relies on one organization's standing."""

    phase: ClassVar[int] = 10
    standing: UUID


@dataclass(frozen=True, slots=True)
class Advance:
    """Move one row along one edge of its machine (an edit keeps its state); one journal row.

    `set` holds the settable columns that change. A row created in the same change is advanced in phase 42.
    `any_version`: the row is locked and its state must match, its version need not (cart edits, which add deltas);
    the journal row then carries the version that the row came to.
    """

    phase: ClassVar[int] = 20
    noun: str
    organization: UUID
    id: UUID
    version: int
    source: str
    target: str
    action: str
    event: str
    set: Row = field(default_factory=dict)
    counterparty: UUID | None = None
    payload: Row = field(default_factory=dict)
    any_version: bool = False


@dataclass(frozen=True, slots=True)
class NumberTake:
    """Take the next value of an organization's counter; `Create.counter` of the same name receives it."""

    phase: ClassVar[int] = 25
    organization: UUID
    counter: str


@dataclass(frozen=True, slots=True)
class CartLineAdd:
    """Add `delta` units to a cart line, making the line when it is absent; at most 10,000 units and 200 lines."""

    phase: ClassVar[int] = 30
    organization: UUID
    cart: UUID
    line: UUID
    delta: int
    row: Row


@dataclass(frozen=True, slots=True)
class CartLinePut:
    """Set a cart line's columns, or remove it (`row` None)."""

    phase: ClassVar[int] = 30
    organization: UUID
    cart: UUID
    line: UUID
    row: Row | None


@dataclass(frozen=True, slots=True)
class Create:
    """Insert one row of a noun at version 1 in state `target`; one journal row."""

    phase: ClassVar[int] = 40
    noun: str
    organization: UUID
    id: UUID
    target: str
    action: str
    event: str
    row: Row
    counterparty: UUID | None = None
    payload: Row = field(default_factory=dict)
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class Put:
    """Insert one row of a table without a life (order item, approval, price, payment attempt)."""

    phase: ClassVar[int] = 41
    table: str
    organization: UUID
    id: UUID
    row: Row


@dataclass(frozen=True, slots=True)
class Post:
    """One transfer in the ledger of `organization`; balanced by construction."""

    phase: ClassVar[int] = 50
    organization: UUID
    id: UUID
    debit: str
    credit: str
    amount: int
    currency: str
    cause: UUID


@dataclass(frozen=True, slots=True)
class StepRecord:
    """Write down how far one saga step is; refused when the lease's fence has moved on."""

    phase: ClassVar[int] = 50
    organization: UUID
    saga: UUID
    step: str
    state: Literal["pending", "running", "done", "failed", "compensating", "compensated"]
    attempt: int
    key: str
    fence: int
    error: str | None = None


@dataclass(frozen=True, slots=True)
class TimerSet:
    """Let an action fall due `after_s` seconds from now by the database clock; replaces an equal timer."""

    phase: ClassVar[int] = 51
    organization: UUID
    noun: str
    id: UUID
    action: str
    after_s: int


@dataclass(frozen=True, slots=True)
class TimerClear:
    """Forget a timer; none is no error."""

    phase: ClassVar[int] = 51
    organization: UUID
    noun: str
    id: UUID
    action: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value that is in the vault already, still encrypted; where it is kept again it is sealed anew."""

    organization: UUID
    subject: UUID
    field: str
    wrapped_key: bytes
    cipher: bytes


@dataclass(frozen=True, slots=True)
class VaultPut:
    """Keep personal data or free text; the writer encrypts it under a key of its own."""

    phase: ClassVar[int] = 51
    organization: UUID
    subject: UUID
    field: str
    text: str | Sealed


@dataclass(frozen=True, slots=True)
class StockMove:
    """Move a variant's two stock numbers by differences; `short` when 0 <= reserved <= on hand would break."""

    phase: ClassVar[int] = 70
    organization: UUID
    variant: UUID
    reserved: int
    on_hand: int


Effect = (
    EpochBump
    | StandingBump
    | Advance
    | NumberTake
    | CartLineAdd
    | CartLinePut
    | Create
    | Put
    | Post
    | StepRecord
    | TimerSet
    | TimerClear
    | VaultPut
    | StockMove
)
