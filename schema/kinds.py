"""Enums that several nouns share."""

from __future__ import annotations

from enum import auto

import strawberry

from schema.bind import Words, listed


@listed
class SortDirection(Words):
    """Which way a list is sorted."""

    ASC = auto()
    DESC = auto()


@listed
class Role(Words):
    """What a person may be in an organization. What a role may do is policy."""

    BUYER = auto()
    BUYER_APPROVER = strawberry.enum_value(
        "buyer_approver", description="Approves purchases above a buyer's limit, never their own."
    )
    ORGANIZATION_ADMIN = strawberry.enum_value(
        "organization_admin",
        description="Invites people and issues grants in its own organization, never its own.",
    )
    VENDOR_MANAGER = auto()
    FULFILLMENT_AGENT = auto()
    SERVICE_MANAGER = auto()
    FINANCE = auto()
    SUPPORT = auto()
    COMPLIANCE_AUTHOR = auto()
    COMPLIANCE_APPROVER = auto()
    AUDITOR = auto()
    OPERATOR = auto()
    SYSTEM = strawberry.enum_value("system", description="Timers and compensation; never granted to a person.")


@listed
class TimelineKind(Words):
    """What a timeline shows."""

    TRANSITION = auto()
    DECISION = auto()
    PAYMENT_ATTEMPT = auto()
    DELIVERY = auto()
    COMPENSATION = auto()
    NOTE = auto()
