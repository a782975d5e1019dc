"""The first runtime settings and the first policy revision, as effects."""

from __future__ import annotations

from collections.abc import Iterator

from cli.seed_data import load, seeded
from cli.seed_people import platform
from domain.effects import Effect
from domain.people.rules import ISSUER
from domain.plan import create


def settings(issuer: str) -> Iterator[Effect]:
    """Every setting at its default; only the issuer is the installation's own."""
    for one in load("settings"):
        value = issuer if one["key"] == ISSUER else one["value"]
        row = {
            "key": one["key"],
            "title": one["title"],
            "kind": one["kind"],
            "value": value,
            "default_value": value,
            "minimum": one.get("minimum"),
            "maximum": one.get("maximum"),
        }
        id = seeded("runtime_setting", one["key"])
        yield create("runtime_setting.install", platform(), id, row, payload={"key": one["key"], "value": value})


def revision() -> Iterator[Effect]:
    """Revision 1 is `policies/` as this release carries it."""
    from cli.revision import digest

    row = {"number": 1, "title": "The rules that came with this release", "digest": digest()}
    payload = {"number": 1, "digest": row["digest"]}
    id = seeded("policy_revision", "1")
    yield create("policy_revision.install", platform(), id, row, payload=payload)
