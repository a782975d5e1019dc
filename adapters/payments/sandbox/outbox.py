"""Announcements to deliver, written in the very transaction that they tell of; sends nothing."""

import sqlite3
import time
from dataclasses import dataclass

from adapters.payments.row import RetrySchedule

SCHEDULE = RetrySchedule(base=1.0, factor=2.0, cap=300.0, attempts=20)
BATCH = 20


@dataclass(frozen=True, slots=True)
class Announcement:
    seq: int
    body: bytes
    attempts: int


class Outbox:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, body: bytes) -> None:
        self._db.execute("insert into outbox (body, due_at) values (?, ?)", (body, time.time()))

    def due(self) -> list[Announcement]:
        rows = self._db.execute(
            "select seq, body, attempts from outbox where state = 'pending' and due_at <= ?"
            " order by due_at, seq limit ?",
            (time.time(), BATCH),
        )
        return [Announcement(*row) for row in rows]

    def next_due_at(self) -> float | None:
        query = "select min(due_at) from outbox where state = 'pending'"
        due_at: float | None = self._db.execute(query).fetchone()[0]
        return due_at

    def delivered(self, announcement: Announcement) -> None:
        query = "update outbox set state = 'delivered' where seq = ?"
        self._db.execute(query, (announcement.seq,))

    def failed(self, announcement: Announcement, draw: float) -> None:
        """Put off by the schedule, and parked for good after its last attempt."""
        attempts = announcement.attempts + 1
        state = "parked" if attempts >= SCHEDULE.attempts else "pending"
        due_at = time.time() + SCHEDULE.delay(announcement.attempts, draw)
        self._db.execute(
            "update outbox set attempts = ?, state = ?, due_at = ? where seq = ?",
            (attempts, state, due_at, announcement.seq),
        )
