"""The sandbox's durable books in SQLite: tables and transactions, but no rule of payment."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

TABLES = """
create table if not exists authorization (
  seq integer primary key autoincrement,
  id text not null unique,
  key text not null unique,
  reference text not null,
  amount integer not null check (amount between 1 and 9007199254740991),
  currency text not null,
  method text not null,
  state text not null check (state in ('authorized', 'declined', 'voided', 'captured')),
  decline_code text check ((decline_code is not null) = (state = 'declined')),
  created_at text not null
);
create index if not exists authorization_by_reference on authorization (reference, seq);
create table if not exists capture (
  seq integer primary key autoincrement,
  id text not null unique,
  key text not null unique,
  authorization text not null references authorization (id),
  amount integer not null check (amount > 0),
  state text not null check (state = 'succeeded'),
  created_at text not null
);
create index if not exists capture_by_authorization on capture (authorization, seq);
create trigger if not exists capture_within_authorization before insert on capture
when (select coalesce(sum(amount), 0) from capture where authorization = new.authorization)
     + new.amount > (select amount from authorization where id = new.authorization)
begin select raise(abort, 'captured more than authorized'); end;
create table if not exists idempotency (
  key text primary key,
  digest text not null,
  authorization text not null references authorization (id)
);
create table if not exists stalled (key text primary key);
create table if not exists closed (key text primary key);
create table if not exists outbox (
  seq integer primary key autoincrement,
  body blob not null,
  attempts integer not null default 0,
  due_at real not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'parked'))
);
create index if not exists outbox_due on outbox (due_at) where state = 'pending';
"""


@dataclass(frozen=True, slots=True)
class Movement:
    id: str
    key: str
    amount: int
    state: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Authorization:
    """One authorization as it is answered; field names are the names on the wire."""

    id: str
    key: str
    reference: str
    amount: int
    currency: str
    method: str
    state: str
    decline_code: str | None
    created_at: str
    captures: tuple[Movement, ...] = ()
    refunds: tuple[Movement, ...] = ()

    @property
    def captured(self) -> int:
        return sum(capture.amount for capture in self.captures)


@dataclass(frozen=True, slots=True)
class Binding:
    """What an idempotency key stands for."""

    digest: str
    authorization: str


Row = tuple[str, str, str, int, str, str, str, str | None, str]

_COLUMNS = "id, key, reference, amount, currency, method, state, decline_code, created_at"
_SELECT = f"select {_COLUMNS} from authorization"


class Books:
    """One connection, used by one thread at a time; a commit is on the disk before it returns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self.db.execute("pragma journal_mode = wal")
        self.db.execute("pragma synchronous = full")
        self.db.execute("pragma foreign_keys = on")
        self.db.executescript(TABLES)

    def close(self) -> None:
        self.db.close()

    def ping(self) -> None:
        self.db.execute("select 1 from authorization limit 1")

    @contextmanager
    def writing(self) -> Iterator[None]:
        self.db.execute("begin immediate")
        try:
            yield
            self.db.execute("commit")
        except BaseException:
            # A full disk can end the transaction by itself, while a busy commit leaves it open.
            if self.db.in_transaction:
                self.db.execute("rollback")
            raise

    def find(self, authorization: str) -> Authorization | None:
        row = self.db.execute(f"{_SELECT} where id = ?", (authorization,)).fetchone()
        return None if row is None else self._with_captures(row)

    def get(self, authorization: str) -> Authorization:
        found = self.find(authorization)
        if found is None:
            raise LookupError(authorization)
        return found

    def page(self, reference: str | None, after: str | None, limit: int) -> list[Authorization]:
        """Oldest first; the cursor is the id of the last one seen."""
        conditions, values = ["true"], dict[str, str | int](limit=limit)
        if reference is not None:
            conditions.append("reference = :reference")
            values["reference"] = reference
        if after is not None:
            conditions.append("seq > (select seq from authorization where id = :after)")
            values["after"] = after
        query = f"{_SELECT} where {' and '.join(conditions)} order by seq limit :limit"
        return [self._with_captures(row) for row in self.db.execute(query, values).fetchall()]

    def add_authorization(self, made: Authorization) -> None:
        self.db.execute(
            f"insert into authorization ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            astuple(made)[:9],
        )

    def add_capture(self, authorization: str, made: Movement) -> None:
        self.db.execute(
            "insert into capture (id, key, authorization, amount, state, created_at) values (?, ?, ?, ?, ?, ?)",
            (made.id, made.key, authorization, made.amount, made.state, made.created_at),
        )

    def set_state(self, authorization: str, state: str) -> None:
        self.db.execute("update authorization set state = ? where id = ?", (state, authorization))

    def binding_of(self, key: str) -> Binding | None:
        query = "select digest, authorization from idempotency where key = ?"
        row = self.db.execute(query, (key,)).fetchone()
        return None if row is None else Binding(*row)

    def bind(self, key: str, binding: Binding) -> None:
        self.db.execute(
            "insert into idempotency (key, digest, authorization) values (?, ?, ?)",
            (key, binding.digest, binding.authorization),
        )

    def close_key(self, key: str) -> None:
        self.db.execute("insert or ignore into closed (key) values (?)", (key,))

    def is_closed(self, key: str) -> bool:
        return self.db.execute("select 1 from closed where key = ?", (key,)).fetchone() is not None

    def add_stalled(self, key: str) -> bool:
        """Whether the key was not there yet."""
        added = self.db.execute("insert or ignore into stalled (key) values (?)", (key,))
        return added.rowcount == 1

    def _with_captures(self, row: Row) -> Authorization:
        query = "select id, key, amount, state, created_at from capture where authorization = ? order by seq"
        captures = (Movement(*capture) for capture in self.db.execute(query, (row[0],)))
        return Authorization(*row, captures=tuple(captures))
