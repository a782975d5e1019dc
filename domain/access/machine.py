"""The machines of access, as data; what an edge does beyond moving stands in `rules.py`."""

from domain.machine import Action, Machine

GRANT = Machine(
    noun="grant",
    table="grant",
    home="platform",
    actions=(
        Action(
            "grant.issue",
            (),
            ("live",),
            "grant.issued",
            mutation="grantIssue",
            key="required",
            expects="none",
            moves="access",
        ),
        Action(
            "grant.revoke",
            ("live",),
            ("revoked",),
            "grant.revoked",
            mutation="grantRevoke",
            key="required",
            expects="optional",
            moves="access",
            refusals=("IllegalTransition",),
        ),
    ),
)

SESSION = Machine(
    noun="session",
    table="session",
    home="platform",
    actions=(
        Action(
            "session.start",
            (),
            ("live",),
            "session.started",
            decider="fixed",
            moves="session",
        ),
        Action(
            "session.switch",
            ("live",),
            (),
            "session.switched",
            mutation="sessionSwitch",
            key="optional",
            expects="none",
            moves="session",
        ),
        Action(
            "session.revoke",
            ("live",),
            ("revoked",),
            "session.revoked",
            mutation="sessionRevoke",
            key="required",
            expects="none",
            moves="access",
            refusals=("IllegalTransition",),
        ),
    ),
)
