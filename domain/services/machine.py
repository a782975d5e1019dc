"""The machines of services, as data; what an edge does beyond moving stands in `rules.py`."""

from domain.machine import Action, Machine

SERVICE = Machine(
    noun="service",
    table="service",
    home="vendor",
    actions=(
        Action(
            "service.create",
            (),
            ("draft",),
            "service.created",
            mutation="serviceCreate",
            key="required",
            expects="none",
        ),
        Action(
            "service.publish",
            ("draft",),
            ("published",),
            "service.published",
            mutation="servicePublish",
            key="required",
            expects="required",
            refusals=("IllegalTransition",),
        ),
    ),
)

VARIANT = Machine(
    noun="variant",
    table="variant",
    home="vendor",
    actions=(
        Action(
            "variant.create",
            (),
            ("live",),
            "variant.created",
            mutation="variantCreate",
            key="required",
            expects="none",
            moves="record",
        ),
        Action(
            "price.change",
            ("live",),
            (),
            "price.changed",
            mutation="priceChange",
            key="required",
            expects="required",
            moves="money (list price)",
        ),
    ),
)
