"""`portcullis derive`: everything that can be generated is written, or with --check compared, from its one source."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parent.parent

# Each offers generate() -> {path below the project: text}.
SOURCES = ("cli.derived_docs", "db.derive", "adapters.opa.derive", "schema.export")


def generated() -> dict[str, str]:
    """Every generated file of the project by its path."""
    files: dict[str, str] = {}
    for source in SOURCES:
        generate: Callable[[], dict[str, str]] = import_module(source).generate
        for path, text in generate().items():
            if path in files:
                raise ValueError(f"{path} is generated twice")
            files[path] = text
    return files


def generated_with_engine() -> dict[str, str]:
    """What takes the policy engine to write; `portcullis policy check` compares it."""
    from adapters import tools
    from adapters.opa.derive import generate_with_opa
    from wiring.settings import Settings

    return generate_with_opa(tools.ensure(tools.OPA, Settings().tools))


def differing(files: dict[str, str]) -> list[str]:
    """Paths whose file is absent or differs."""
    return [path for path, text in files.items() if not _same(ROOT / path, text)]


def _same(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text


def written(files: dict[str, str]) -> None:
    """Write what differs, and say so."""
    for path in differing(files):
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(files[path], encoding="utf-8")
        print(f"written  {path}")


def command(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when a file differs.")] = False,
) -> None:
    """Generate edge checks, functions, machine data, schemas, diagrams, references, the SDL and the decision matrix."""
    files = generated()
    if not check:
        written(files)
        more = generated_with_engine()  # by the rules just written
        written(more)
        print(f"{len(files) + len(more)} cases, 0 failed, 0 skipped")
        return
    stale = differing(files)
    for path in stale:
        print(f"differs  {path}")
    print(f"{len(files)} cases, {len(stale)} failed, 0 skipped")
    if stale:
        print("run `make derive` and commit what it writes")
        raise typer.Exit(1)
