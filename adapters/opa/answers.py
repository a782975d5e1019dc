"""What an answer of the engine means: a verdict, or which fault it is; asks nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from adapters.opa.asked import Asked
from adapters.opa.contract import VERSION, Answer
from domain.ports import PolicyFault, Verdict
from domain.refusals import Reason

RULES = "rules"
_SAYS = {
    "undefined": "The policy said nothing.",
    "empty": "The policy's answer was empty.",
    "not_boolean": "The policy's answer was neither yes nor no.",
    "not_json": "The policy engine did not answer in its own language.",
    "wrong_revision": "A policy revision answered that is not the active one.",
    "not_loaded": "The policy engine has no policy.",
    "wrong_decision": "The policy's answer belongs to another question.",
    "error": "The policy failed.",
    "timeout": "The policy engine did not answer in time.",
    "unreachable": "The policy engine cannot be reached.",
    "breaker": "The policy engine did not answer lately and is left alone for a moment.",
}


def fault(asked: Asked, kind: str, took_ms: int, detail: str = "") -> PolicyFault:
    message = f"{_SAYS[kind]} {detail}".strip()
    return PolicyFault(f"policy.{kind}", message, asked.canonical, asked.sha256, took_ms)


def revision_of(body: Mapping[str, Any]) -> str | None:
    """The revision of the rules that answered; None before a bundle was loaded.

    A bundle that was given as a path is named after it, one that was pulled after its name in the configuration.
    """
    provenance = body.get("provenance")
    bundles = provenance.get("bundles") if isinstance(provenance, dict) else None
    for name, bundle in bundles.items() if isinstance(bundles, dict) else ():
        if name.rpartition("/")[2].removesuffix(".tar.gz") == RULES and isinstance(bundle, dict):
            revision = bundle.get("revision")
            return revision if isinstance(revision, str) else None
    return None


def bundle_fault(body: Any, accepted: frozenset[int]) -> str | None:
    """What is wrong with the engine itself, whatever it was asked."""
    if not isinstance(body, dict):
        return "not_json"
    revision = revision_of(body)
    if revision is None:
        return "not_loaded"
    if not revision.isascii() or not revision.isdigit() or int(revision) not in accepted:
        return "wrong_revision"
    return None


def verdict(asked: Asked, body: Any, took_ms: int) -> Verdict | PolicyFault:
    """One answer to `decide`: only a JSON true, from an accepted revision, for this question, is an allow."""
    wrong = bundle_fault(body, asked.question.accepted)
    if wrong is not None:
        return fault(asked, wrong, took_ms)
    if "result" not in body:
        return fault(asked, "undefined", took_ms)
    return one_result(asked, body["result"], int(revision_of(body) or 0), took_ms)


def one_result(asked: Asked, result: Any, revision: int, took_ms: int) -> Verdict | PolicyFault:
    """The value that the rule gave for one question."""
    if result is None or result == {}:
        return fault(asked, "empty", took_ms)
    if not isinstance(result, dict) or not isinstance(result.get("allow"), bool):
        return fault(asked, "not_boolean", took_ms)
    if result.get("decision_id") != str(asked.question.decision_id):
        return fault(asked, "wrong_decision", took_ms)
    try:
        answer = Answer.model_validate(result)
    except ValidationError as error:
        return fault(asked, "error", took_ms, f"({error.error_count()} faults in its form)")
    if answer.contract != VERSION or answer.allow != (answer.failed == []):
        return fault(asked, "error", took_ms, "(it contradicts itself)")
    return Verdict(
        allow=answer.allow,
        visible=answer.visible,
        role=answer.role,
        reasons=tuple(Reason(r.code, r.message, r.remedy, r.rule, tuple(r.controls)) for r in answer.reasons),
        failed=tuple(answer.failed),
        obligations=tuple(o.model_dump(exclude_none=True) for o in answer.obligations),
        revision=revision,
        canonical=asked.canonical,
        sha256=asked.sha256,
        took_ms=took_ms,
    )
