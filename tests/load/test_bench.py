"""The measurement itself: it runs, all sides answer the same, every row has its figures; no figure is judged here."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
from pathlib import Path

import pytest

from cli.bench.load import Load, Sample, post, turn
from cli.bench.report import OURS, Report, Row, Side, as_data, table
from cli.bench.usage import Memory, cpu
from tests.marketplace import PORTCULLIS, ROOT


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server that answers with what it was sent, in two pieces."""
    while head := await reader.readuntil(b"\r\n\r\n"):
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
        await writer.drain()
        writer.write(body)
        if body == b"last":
            writer.close()
            return


async def test_clients_send_their_next_request_when_they_have_their_answer() -> None:
    """Every request is answered once, and a wrong answer is counted."""
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    bodies = [b"one", b"two", b"three", b"wrong"]
    load = Load(url, (post("/", body) for body in bodies), lambda status, body: status == 200 and body != b"wrong")
    sample = await turn(load, 1)
    assert (sample.answers, sample.wrong, len(sample.latencies)) == (bodies, 1, 4)
    many = Load(url, itertools.repeat(post("/", b"again")), lambda status, _: status == 200)
    assert len((await turn(many, 4, most=10)).latencies) == 10
    with pytest.raises(ConnectionResetError):
        await turn(Load(url, iter([post("/", b"last"), post("/", b"late")]), lambda *_: True), 1)
    server.close()


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    """One slow round does not move it, and one wrong answer makes the whole figure worthless."""
    row = Row("row", 1, {OURS: Side(), "fair": Side()})
    for rate in (50, 1, 40):
        row.sides[OURS].add(Sample([0.001] * rate, 1.0), {"gateway": 0.1})
        row.sides["fair"].add(Sample([0.001] * 100, 1.0), {})
    assert row.ratio("fair") == 0.4
    assert row.ratio("raw") is None
    report = Report({"processors": "2"}, [row], {"gateway": Memory(100.0, 120.0)})
    assert report.is_valid
    assert "0.400 of the fair floor" in table(report)
    row.sides["fair"].samples[0].wrong = 1
    assert not report.is_valid
    assert json.loads(as_data(report))["rows"][0]["sides"]["fair"]["wrong"] == 1


def test_cpu_is_counted_with_the_children() -> None:
    """PostgreSQL works in its children."""
    assert cpu({"this": os.getpid()})["this"] > 0


def test_the_bench_measures_every_row(tmp_path: Path) -> None:
    """A short run on a marketplace of its own: four rows, both floors, counts, memory, and nothing left behind."""
    given = {**os.environ, "TMPDIR": str(tmp_path)}
    words = ("bench", "--rounds", "1", "--seconds", "0.2", "--changes", "4", "--json")
    done = subprocess.run([PORTCULLIS, *words], cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    rows = {row["row"]: row for row in found["rows"]}
    assert list(rows) == ["one order with its lines", "20 orders, nested", "orderApprove", "whole checkout"]
    for name, row in rows.items():
        sides = {"portcullis"} if name == "whole checkout" else {"portcullis", "fair", "raw"}
        assert set(row["sides"]) == sides
        assert all(side["operations"] > 0 for side in row["sides"].values())
    checkout = rows["whole checkout"]["per_operation"]
    assert (checkout["writes"], checkout["questions"]) == (2, 2)
    assert set(found["memory_mb"]) == {"gateway", "worker"}
    assert not list(tmp_path.glob("portcullis-bench-*"))
