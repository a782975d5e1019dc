"""The machines of fulfillment, as data; what an edge does beyond moving stands in `rules.py`."""

from domain.machine import Action, Machine

SHIPMENT = Machine(
    noun="shipment",
    table="shipment",
    home="buyer",
    actions=(
        Action(
            "shipment.create",
            (),
            ("dispatched",),
            "shipment.created",
        ),
        Action(
            "shipment.deliver",
            ("dispatched",),
            ("delivered",),
            "shipment.delivered",
        ),
    ),
)
