"""Reads one file of `policies/matrix`: YAML without surprises, in the closed form that its name asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from adapters.opa.contract import Closed, Currency, Kind, Role

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml was built in


class TreeError(ValueError):
    """The policy tree contradicts itself; the message names the file."""


class ApprovalLimit(Closed):
    setting: str
    currency: Currency
    role: Role


class Limits(Closed):
    approval: ApprovalLimit


class Maintenance(Closed):
    read_only: list[str]
    drain: list[str]


class Separation(Closed):
    dynamic: dict[str, list[str]]
    static: list[list[Role]]


class Reads(Closed):
    open: list[str]
    nouns: dict[str, dict[str, dict[str, str]]]


Rows = dict[str, dict[str, str]]
# Any other file holds rows: action -> role -> scope.
FORMS: dict[str, Any] = {
    "roles": dict[Role, list[Kind]],
    "separation": Separation,
    "limits": Limits,
    "maintenance": Maintenance,
    "effects": Rows,
    "reads": Reads,
}


class _Once(_Loader):  # type: ignore[misc]  # which of two classes it is, is known at run time
    """A key that stands twice would silently win over the first one."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"{key} stands there twice", problem_mark=node.start_mark)
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


def read(file: Path) -> Any:
    """What stands in the file, plain. Raises `TreeError` where it is missing, no YAML or of another form."""
    try:
        found = yaml.load(file.read_text(encoding="utf-8"), _Once)  # noqa: S506 -- a safe loader
        TypeAdapter(FORMS.get(file.stem, Rows)).validate_python(found)
    except FileNotFoundError:
        raise TreeError(f"{file.name} is missing") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TreeError(f"{file.name}:{line} {error.problem}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise TreeError(f"{file.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    return found
