"""Mutations = actions = rows of the matrix = edges of the machines: each way in which they can differ is found."""

from __future__ import annotations

import pytest

from adapters.opa.gates import sets
from tests.policies.conftest import Planting

CHANGED = {
    "an action without a row": ("orders.yaml", "order.deliver:", "#", "order.deliver: no row in the matrix"),
    "a row without an action": (
        "orders.yaml",
        "order.deliver:",
        "order.teleport:",
        "order.teleport: a row, but no machine has it",
    ),
    "an unknown role": (
        "orders.yaml",
        "{fulfillment_agent: counterpart}",
        "{elf: counterpart}",
        "order.deliver: elf is no role",
    ),
    "an unknown scope": (
        "orders.yaml",
        "{fulfillment_agent: counterpart}",
        "{fulfillment_agent: galaxy}",
        "order.deliver: fulfillment_agent: galaxy",
    ),
    "a row in two files": ("carts.yaml", "cart.create:", "order.place:", "order.place has a row in another file"),
    "a row twice in one file": ("orders.yaml", "order.deliver:", "order.cancel:", "order.cancel stands there twice"),
    "fixed, and the domain does not say so": (
        "orders.yaml",
        "{system: behalf}",
        "{system: fixed}",
        "order.place: `fixed` here, or in the domain, but not in both",
    ),
    "a person does what no mutation does": (
        "orders.yaml",
        "order.auto_approve: {",
        "order.auto_approve: {buyer: own, ",
        "order.auto_approve: no mutation does it, but buyer may",
    ),
    "a mutation for nobody": (
        "orders.yaml",
        "order.deliver: {fulfillment_agent: counterpart}",
        "order.deliver: {system: behalf}",
        "order.deliver: nobody may send orderDeliver",
    ),
    "an effect that is no action": (
        "effects.yaml",
        "shipment.deliver:",
        "shipment.burn:",
        "order.deliver: shipment.burn",
    ),
    "an effect on an unknown condition": ("effects.yaml", "auto_approval", "perhaps", "order.auto_approve: perhaps"),
    "an effect of no action": ("effects.yaml", "cart.abandon: {}", "cart.burn: {}", "cart.burn is no action"),
    "a duty that the machine demands already": (
        "separation.yaml",
        "dynamic: {}",
        "dynamic: {order.approve: [order.place]}",
        "order.place is demanded by the machine of order already",
    ),
    "a duty of another noun": (
        "separation.yaml",
        "dynamic: {}",
        "dynamic: {order.approve: [cart.create]}",
        "cart.create is no action of order",
    ),
    "separation of no action": ("separation.yaml", "dynamic: {}", "dynamic: {a.b: []}", "a.b is no action"),
    "a role apart from itself": ("separation.yaml", "[auditor, buyer]", "[buyer, buyer]", "['buyer'] are no two roles"),
    "an unknown role apart": ("separation.yaml", "[auditor, buyer]", "[auditor, elf]", "separation.yaml: static.4.1"),
    "a pair apart twice": (
        "separation.yaml",
        "[auditor, buyer]",
        "[finance, service_manager]",
        "['finance', 'service_manager'] stand there twice",
    ),
    "an unknown action that drains": ("maintenance.yaml", "cart.create", "cart.burn", "cart.burn is no action"),
    "an unknown role of maintenance": ("maintenance.yaml", "operator", "elf", "maintenance.yaml: elf is no role"),
    "a limit's unknown role": ("limits.yaml", "service_manager\n", "elf\n", "limits.yaml: approval.role"),
    "a limit without its setting": ("limits.yaml", "  setting:", "  sitting:", "limits.yaml: approval"),
    "a noun that nobody reads": ("reads.yaml", "  capture:", "  kapture:", "nothing about capture"),
    "an unknown reader": ("reads.yaml", "{buyer: own, support: all", "{elf: own, support: all", "cart.summary: elf"),
    "an unknown reach": ("reads.yaml", "{buyer: own, support: all", "{buyer: mine, support: all", "buyer: mine"),
    "two sides of one organization": (
        "reads.yaml",
        "shipment:\n    summary: {buyer: organization, buyer_approver: organization",
        "shipment:\n    summary: {buyer: organization, buyer_approver: counterpart",
        "in a buyer organization both",
    ),
    "an open noun without cells": ("reads.yaml", "open: [service", "open: [secret", "secret is open, but has no cells"),
    "a role in an unknown kind": ("roles.yaml", "finance: [platform]", "finance: [moon]", "roles.yaml: finance.0"),
    "roles in another order": (
        "roles.yaml",
        "buyer: [buyer]\nbuyer_approver: [buyer]",
        "buyer_approver: [buyer]\nbuyer: [buyer]",
        "not the roles of the contract, in its order",
    ),
    "no YAML": ("limits.yaml", "approval:", "approval: [", "limits.yaml:"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_difference_is_found(planting: Planting, name: str) -> None:
    """And told with the name of what differs."""
    file, old, new, said = CHANGED[name]
    planting.change(f"matrix/{file}", old, new)
    report = sets.gate(planting.tree)
    assert not report.passed
    assert any(said in failure for failure in report.failures), report.failures


@pytest.mark.parametrize("file", ["orders", "effects", "limits", "maintenance", "reads", "roles", "separation"])
def test_a_missing_file_is_found(planting: Planting, file: str) -> None:
    """By its name, or by the actions that have no row any more."""
    planting.remove(f"matrix/{file}.yaml")
    report = sets.gate(planting.tree)
    assert not report.passed
    assert report.failures[0] in (f"{file}.yaml is missing", "order.place: no row in the matrix")


def test_the_committed_sets_are_equal(planting: Planting) -> None:
    """Nothing is planted, nothing is found."""
    assert sets.gate(planting.tree).passed
