"""A whole marketplace for tests: `portcullis run` on ports and a home of its own, spoken to over HTTP alone."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PORTCULLIS = Path(sys.executable).with_name("portcullis")
READY_S = 180


class NotReadyError(Exception):
    """The marketplace did not come up; the message is what it printed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer to one GraphQL request."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def data(self) -> dict[str, Any]:
        """The data of an answer without errors."""
        assert self.body.get("errors") is None, self.body
        data: dict[str, Any] = self.body["data"]
        return data


@dataclass(slots=True)
class Marketplace:
    """A running one. `gql` speaks as a login; `process` names a pid of `run/`; `checkout` is whose code it runs."""

    home: Path
    port: int
    payments_port: int
    environment: dict[str, str]
    tokens: dict[str, str] = field(default_factory=dict)
    checkout: Path = ROOT

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def payments_url(self) -> str:
        return f"http://127.0.0.1:{self.payments_port}"

    def command(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """One `portcullis` command against this marketplace, with other settings where some are given."""
        environment = self.environment | settings
        return subprocess.run(
            [str(PORTCULLIS), *words], cwd=self.checkout, env=environment, capture_output=True, text=True, check=False
        )

    def token(self, login: str) -> str:
        if login not in self.tokens:
            body = json.dumps({"login": login}).encode()
            request = urllib.request.Request(f"{self.url}/dev/token", body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=60) as response:
                self.tokens[login] = json.loads(response.read())["token"]
        return self.tokens[login]

    def gql(self, login: str | None, document: str, variables: Mapping[str, Any] | None = None) -> Answer:
        """One request as `login`, or as nobody."""
        headers = {"Content-Type": "application/json"}
        if login is not None:
            headers["Authorization"] = f"Bearer {self.token(login)}"
        body = json.dumps({"query": document, "variables": dict(variables or {})}).encode()
        return self.send(body, headers)

    def send(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        request = urllib.request.Request(f"{self.url}/graphql", data=body, headers=dict(headers))
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Answer(response.status, json.loads(response.read()), dict(response.headers))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, json.loads(error.read()), dict(error.headers))

    def pid(self, process: str) -> int:
        return int((self.home / "run" / f"{process}.pid").read_text())

    def kill(self, process: str, sign: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to one of the supervised processes; its id then."""
        found = self.pid(process)
        os.kill(found, sign)
        return found

    def dsn(self, *, owner: bool = False) -> str:
        done = self.command("dsn", *(["--owner"] if owner else []))
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def charges(self) -> list[dict[str, Any]]:
        """Everything the payment sandbox knows, oldest first."""
        with urllib.request.urlopen(f"{self.payments_url}/v1/authorizations", timeout=30) as response:
            found: list[dict[str, Any]] = json.loads(response.read())
            return found


def new_key() -> str:
    """A fresh idempotency key."""
    return secrets.token_hex(16)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(home: Path, checkout: Path = ROOT, **settings: str) -> Iterator[Marketplace]:
    """A marketplace under the real supervisor, until the block ends."""
    port, payments = free_port(), free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTCULLIS_")}
    kept = {name: value for name, value in os.environ.items() if name in ("PORTCULLIS_TOOLS", "PORTCULLIS_POSTGRES")}
    environment |= kept | {
        "PORTCULLIS_HOME": str(home),
        "PORTCULLIS_PORT": str(port),
        "PORTCULLIS_PAYMENTS_URL": f"http://127.0.0.1:{payments}",
        **settings,
    }
    home.mkdir(parents=True, exist_ok=True)
    printed = home / "printed.log"
    with printed.open("wb") as out:
        process = subprocess.Popen(
            [str(PORTCULLIS), "run"], cwd=checkout, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        _await_ready(process, printed)
        yield Marketplace(home, port, payments, environment, checkout=checkout)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _await_ready(process: subprocess.Popen[bytes], printed: Path) -> None:
    deadline = time.monotonic() + READY_S
    while "portcullis ready" not in printed.read_text(encoding="utf-8"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise NotReadyError(printed.read_text(encoding="utf-8"))
        time.sleep(0.05)
