"""An engine of our own for the time of a gate: the same bundles, a socket in a temporary folder, gone at the end."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from adapters import processes
from adapters.opa import bundle, config, tree

CHUNK = 500
FLAGS = ("--unix-socket-perm=660", "--optimize-store-for-read-speed", "--skip-version-check", "--log-level=error")
_STARTED_WITHIN = 30.0


class EngineError(RuntimeError):
    """The engine did not start, or answered a gate with an error."""


class Engine:
    """Answers by the bundles that it was started with; speaks plain HTTP, so that a gate can ask anything."""

    def __init__(self, opa: Path, folder: Path, *, authz: bool) -> None:
        self.socket = folder / "opa.sock"
        bundles = [str(folder / "opa" / name) for name in bundle.BUNDLES if authz or name != "authz"]
        self.command = (
            *(str(opa), "run", "--server", f"--addr=unix://{self.socket}", f"--config-file={folder / 'opa.yaml'}"),
            *(("--authorization=basic",) if authz else ()),
            *FLAGS,
            *("--bundle", *bundles),
        )
        self._log = folder / "opa.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self.process = processes.start(self.command, log, environment={**os.environ, "GOGC": "400"})
        until = time.monotonic() + _STARTED_WITHIN
        while not self._healthy():
            if self.process.poll() is not None or time.monotonic() > until:
                raise EngineError(f"the policy engine did not start:\n{processes.tail(self._log)}")
            time.sleep(0.01)

    def stop(self) -> None:
        if self.process is not None:
            processes.end(self.process, signal.SIGTERM, 5)
            self.process = None

    def _healthy(self) -> bool:
        try:
            return self.call("GET", "/health")[0] == 200
        except OSError:
            return False

    def call(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        connection = _Connection(self.socket)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def evaluate(self, rule: str, given: Any) -> Any:
        """The value of `policies.main.<rule>` for one input."""
        path = f"/v1/data/policies/main/{rule}?strict-builtin-errors=true"
        status, content = self.call("POST", path, orjson.dumps({"input": given}))
        if status != 200:
            raise EngineError(f"{rule}: {status} {content.decode(errors='replace')[:2000]}")
        return orjson.loads(content).get("result")

    def batch(self, inputs: Sequence[Any]) -> list[Any]:
        """One answer per input, None where there is none."""
        chunks = [inputs[start : start + CHUNK] for start in range(0, len(inputs), CHUNK)]
        with ThreadPoolExecutor(2) as pool:
            return [answer for answers in pool.map(self._chunk, chunks) for answer in answers]

    def _chunk(self, inputs: Sequence[Any]) -> list[Any]:
        by_key = {str(n): one for n, one in enumerate(inputs)}
        answers = self.evaluate("batch", {"batch": by_key}) or {}
        return [answers.get(key) for key in by_key]


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("opa", timeout=60)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


@contextmanager
def serving(opa: Path, root: Path = tree.POLICIES, *, revision: int = 1, authz: bool = False) -> Iterator[Engine]:
    """An engine with the policies at `root`, for the length of a `with`."""
    folder = Path(tempfile.mkdtemp(prefix="portcullis-opa-"))
    bundle.write_all(folder / "opa", opa, revision, root)
    config.write(folder / "opa.yaml")
    engine = Engine(opa, folder, authz=authz)
    try:
        engine.start()
        yield engine
    finally:
        engine.stop()
        shutil.rmtree(folder, ignore_errors=True)
