"""A temporary folder where the policy tree stands as the engine sees it, with its tests; gates run the tool there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.opa import tree
from adapters.opa.bundle import canonical
from adapters.opa.gates.samples import phantoms, samples


@contextmanager
def workspace(opa: Path, root: Path = tree.POLICIES) -> Iterator[Path]:
    """Rego with tests, cells, words and machines as data, and `data.samples`: one allowed question per action."""
    folder = Path(tempfile.mkdtemp(prefix="portcullis-policies-"))
    try:
        for name, content in tree.rego_files(root, tests=True).items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        data = {
            "policies/matrix": tree.matrix(root),
            "policies/registry": tree.registry(opa, root),
            "machines": tree.machines(),
            "samples": samples(),
            "phantoms": phantoms(),
        }
        for place, value in data.items():
            (folder / place).mkdir(parents=True, exist_ok=True)
            (folder / place / "data.json").write_bytes(canonical(value))
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
