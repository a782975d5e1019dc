"""The machines of purchases, as data; what an edge does beyond moving stands in `rules.py`."""

from domain.machine import Action, Machine

PURCHASE = Machine(
    noun="purchase",
    table="purchase",
    home="buyer",
    actions=(
        Action(
            "purchase.begin",
            (),
            ("authorizing",),
            "purchase.begun",
            moves="stock|slots|money|state",
        ),
        Action(
            "purchase.await_provider",
            ("authorizing",),
            ("awaiting_provider",),
            "purchase.awaited_provider",
            decider="fixed",
        ),
        Action(
            "purchase.place",
            ("authorizing", "awaiting_provider"),
            ("placed",),
            "purchase.placed",
            moves="stock|state",
        ),
        Action(
            "purchase.compensate",
            ("authorizing", "awaiting_provider"),
            ("compensating",),
            "purchase.compensated",
            decider="fixed",
            moves="money|stock|state",
        ),
        Action(
            "purchase.fail",
            ("compensating",),
            ("failed",),
            "purchase.failed",
            decider="fixed",
        ),
    ),
)
