"""The machines of payments, as data; what an edge does beyond moving stands in `rules.py`."""

from domain.machine import Action, Machine

AUTHORIZATION = Machine(
    noun="authorization",
    table="authorization",
    home="buyer",
    actions=(
        Action(
            "authorization.initiate",
            (),
            ("initiated",),
            "authorization.initiated",
        ),
        Action(
            "authorization.confirm",
            ("initiated",),
            ("authorized",),
            "authorization.confirmed",
            decider="fixed",
            moves="money|state",
        ),
        Action(
            "authorization.decline",
            ("initiated",),
            ("declined",),
            "authorization.declined",
            decider="fixed",
        ),
        Action(
            "authorization.mark_unknown",
            ("initiated",),
            ("unknown",),
            "authorization.marked_unknown",
            decider="fixed",
        ),
        Action(
            "authorization.auto_reconcile",
            ("unknown",),
            ("authorized", "voided", "expired", "declined"),
            "authorization.auto_reconciled",
            decider="fixed",
            moves="money|state",
        ),
        Action(
            "authorization.auto_void",
            ("authorized",),
            ("voided",),
            "authorization.auto_voided",
            decider="fixed",
            moves="money|state",
        ),
    ),
)

CAPTURE = Machine(
    noun="capture",
    table="capture",
    home="buyer",
    actions=(
        Action(
            "capture.initiate",
            (),
            ("pending",),
            "capture.initiated",
            moves="money",
        ),
        Action(
            "capture.succeed",
            ("pending", "unknown"),
            ("succeeded",),
            "capture.succeeded",
            decider="fixed",
            moves="money",
        ),
        Action(
            "capture.fail",
            ("pending", "unknown"),
            ("failed",),
            "capture.failed",
            decider="fixed",
            moves="money",
        ),
        Action(
            "capture.mark_unknown",
            ("pending",),
            ("unknown",),
            "capture.marked_unknown",
            decider="fixed",
            moves="record",
        ),
    ),
)
