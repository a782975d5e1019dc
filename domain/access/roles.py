"""Which role can be held in which kind of organization; who may act by a role is the policy's answer."""

from __future__ import annotations

KINDS: dict[str, frozenset[str]] = {
    "buyer": frozenset({"buyer"}),
    "buyer_approver": frozenset({"buyer"}),
    "organization_admin": frozenset({"buyer", "vendor", "platform"}),
    "vendor_manager": frozenset({"vendor"}),
    "fulfillment_agent": frozenset({"vendor"}),
    **dict.fromkeys(
        (
            "service_manager",
            "finance",
            "support",
            "compliance_author",
            "compliance_approver",
            "auditor",
            "operator",
        ),
        frozenset({"platform"}),
    ),
}
