"""Which built-ins policies may use, as a file for the engine; generated from what the pinned engine has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from adapters.opa import tree


def capabilities(opa: Path) -> str:
    """Everything the pinned engine has, but what asks the world, the clock or chance; one built-in a line."""
    has: dict[str, Any] = json.loads(tree.run(opa, "capabilities", "--current"))
    kept = [one for one in has["builtins"] if not one.get("nondeterministic") and one["name"] != "trace"]
    lines = ",\n".join(json.dumps(one, sort_keys=True) for one in kept)
    rest = {key: value for key, value in has.items() if key not in ("builtins", "allow_net", "future_keywords")}
    words = json.dumps({**rest, "allow_net": [], "future_keywords": []}, sort_keys=True)
    return f'{{"builtins": [\n{lines}\n],\n{words[1:]}\n'
