"""The README's five minutes, as printed: its commands are run, its answers are compared."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.journeys import shopping as shop
from tests.marketplace import PORTCULLIS, ROOT, Marketplace

README = ROOT / "README.md"
_STEP = re.compile(r"```sh\n(.*?)```\n(?:```(?:json|text)\n(.*?)```\n)?", re.DOTALL)


def steps() -> list[tuple[str, str]]:
    """Each block of commands of the story, with the answers printed below it."""
    text = README.read_text(encoding="utf-8")
    story = text[text.index("## Five minutes") : text.index("## What each of you")]
    return [(block[1], block[2] or "") for block in _STEP.finditer(story)]


def empty_handed(market: Marketplace, login: str) -> None:
    """Whoever comes new to the marketplace has no open cart that the first line would go into."""
    ask = "{ viewer { person { id } carts(first: 100) { edges { node { id owner { id } } } } } }"
    viewer = market.gql(login, ask).data["viewer"]
    for edge in viewer["carts"]["edges"]:
        if edge["node"]["owner"]["id"] == viewer["person"]["id"]:
            shop.must(market, login, "cartAbandon", "cart { id }", cartId=edge["node"]["id"])


def test_the_five_minutes_work_as_printed(market: Marketplace, tmp_path: Path) -> None:
    """In one shell, against a running marketplace, with nothing but curl and the `portcullis` command."""
    told = steps()
    assert len(told) > 8
    for login in ("buyer@acme.example", "buyer@globex.example", "double@acme.example"):
        empty_handed(market, login)
    mark = "==== next ===="
    script = f"\necho '{mark}'\n".join(["set -eu", *(commands for commands, _ in told)])
    script = script.replace("http://127.0.0.1:8080", market.url).replace(".venv/bin/portcullis", str(PORTCULLIS))
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=market.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answers = done.stdout.split(f"{mark}\n")[1:]
    assert [answer.strip() for answer in answers] == [printed.strip() for _, printed in told]
