"""Pinned tools, built by a real Go toolchain from a module on this disk: once, whoever asks, and without a trace."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters import tools
from adapters.tools import OPA, Tool, ToolError, ensure, find

HELLO = Tool("hello", "1.2.3", "example.test/hello", oldest_go=(1, 20), takes="seconds")


def publish(proxy: Path, tool: Tool, says: str) -> None:
    """A module proxy is a folder."""
    at = proxy / tool.module / "@v"
    at.mkdir(parents=True)
    module, version = tool.module, f"v{tool.version}"
    source = f'package main\n\nimport "os"\n\nfunc main() {{ os.Stdout.WriteString("Version: {says}\\n") }}\n'
    (at / "list").write_text(f"{version}\n")
    (at / f"{version}.info").write_text(f'{{"Version": "{version}"}}')
    (at / f"{version}.mod").write_text(f"module {module}\n\ngo 1.20\n")
    with zipfile.ZipFile(at / f"{version}.zip", "w") as archive:
        archive.writestr(f"{module}@{version}/go.mod", f"module {module}\n\ngo 1.20\n")
        archive.writestr(f"{module}@{version}/main.go", source)


@pytest.fixture
def proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "proxy"
    monkeypatch.setenv("GOPROXY", f"file://{folder}")
    monkeypatch.setenv("GONOSUMDB", "example.test")
    return folder


def test_two_processes_that_want_a_tool_build_it_once(tmp_path: Path, proxy: Path) -> None:
    """Two clean clones on one machine share the cache and do not collide."""
    publish(proxy, HELLO, HELLO.version)
    cache = tmp_path / "tools"
    left = cache / "build-hello-1.2.3-killed"
    left.mkdir(parents=True)
    program = (
        "import sys; from pathlib import Path; from adapters.tools import Tool, ensure\n"
        "tool = Tool('hello', '1.2.3', 'example.test/hello', oldest_go=(1, 20), takes='seconds')\n"
        "print(ensure(tool, Path(sys.argv[1])))"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", program, str(cache)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [process.communicate() for process in both]
    assert [out.decode().strip() for out, _ in said] == [str(cache / "hello-1.2.3")] * 2, said
    assert sum(b"building hello 1.2.3" in errors and b"is kept at" in errors for _, errors in said) == 1
    assert sorted(file.name for file in cache.iterdir()) == ["hello-1.2.3", "hello-1.2.3.lock"]
    assert subprocess.run([cache / "hello-1.2.3"], capture_output=True, check=True).stdout == b"Version: 1.2.3\n"


def test_a_build_that_is_not_the_pinned_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What calls itself otherwise is not kept."""
    other = program(tmp_path / "other", "hello", ["Version: 9.9.9"])
    go = program(tmp_path / "bin", "go", ["go1.26.0"])
    go.write_text(f'{go.read_text()}[ "$1" = env ] || {{ mkdir "$GOBIN"; cp "{other}" "$GOBIN/"; }}\n')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(ToolError, match=r"does not call itself 1\.2\.3"):
        ensure(HELLO, tmp_path / "tools", progress=lambda _: None)
    assert [file.name for file in (tmp_path / "tools").iterdir()] == ["hello-1.2.3.lock"]


def test_a_build_that_fails_says_so_with_the_compilers_words(tmp_path: Path, proxy: Path) -> None:
    """Nothing is left behind either."""
    proxy.mkdir()
    with pytest.raises(ToolError, match=r"(?s)failed with 1.*example.test/hello"):
        ensure(HELLO, tmp_path / "tools", progress=lambda _: None)
    assert [file.name for file in (tmp_path / "tools").iterdir()] == ["hello-1.2.3.lock"]


def program(folder: Path, name: str, says: Sequence[str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text("#!/bin/sh\n" + "".join(f"echo '{line}'\n" for line in says))
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    ("says", "taken"),
    [
        (["Version: 1.21.0", "Go Version: go1.26.8"], True),
        (["v1.21.0"], True),
        (["Version: 1.20.0", "Go Version: go1.21.0"], False),
        (["Version: 1.21.0-dev"], False),
        (["Version: 11.21.0"], False),
    ],
)
def test_a_tool_on_path_counts_only_at_its_pinned_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: Sequence[str], taken: bool
) -> None:
    """Another version on PATH is as good as none."""
    on_path = program(tmp_path / "bin", "opa", says)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert find(OPA, tmp_path / "tools") == (on_path if taken else None)


def test_the_cache_is_used_when_path_has_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file's name carries the version."""
    program(tmp_path / "bin", "opa", ["Version: 0.1.0"])
    cached = program(tmp_path / "tools", "opa-1.21.0", ["Version: 1.21.0"])
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    said: list[str] = []
    assert ensure(OPA, tmp_path / "tools", progress=said.append) == cached
    assert said == []


def test_go_on_path_is_taken_only_when_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old Go is passed over without asking it to fetch another."""
    old = program(tmp_path / "bin", "go", ["go1.25.9"])
    new = program(tmp_path / "new", "go", ["go1.26.0"])
    assert tools.go_version(str(old)) < OPA.oldest_go <= tools.go_version(str(new))
    monkeypatch.setenv("PATH", f"{tmp_path / 'new'}{os.pathsep}{os.environ['PATH']}")
    assert tools.go_for(OPA, tmp_path / "room", progress=lambda _: None) == str(new)
