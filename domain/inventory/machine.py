"""The machines of inventory, as data; what an edge does beyond moving stands in `rules.py`."""

from domain.machine import Action, Machine

STOCK = Machine(
    noun="stock",
    table="stock",
    home="vendor",
    actions=(
        Action(
            "stock.create",
            (),
            ("live",),
            "stock.created",
            moves="stock",
        ),
        Action(
            "stock.adjust",
            ("live",),
            (),
            "stock.adjusted",
            mutation="stockAdjust",
            key="required",
            expects="required",
            moves="stock",
            refusals=("OutOfStock",),
        ),
    ),
)

RESERVATION = Machine(
    noun="reservation",
    table="inventory_reservations",
    home="vendor",
    actions=(
        Action(
            "reservation.hold",
            (),
            ("held",),
            "reservation.held",
            moves="stock|state",
        ),
        Action(
            "reservation.finalize",
            ("held",),
            ("finalized",),
            "reservation.finalized",
            moves="stock|state",
        ),
        Action(
            "reservation.return",
            ("finalized",),
            ("returned",),
            "reservation.returned",
            decider="fixed",
            moves="stock|slots",
        ),
        Action(
            "reservation.release",
            ("held",),
            ("released",),
            "reservation.released",
            decider="fixed",
            moves="stock|state",
        ),
    ),
)
