"""The machines of vendors, as data; what an edge does beyond moving stands in `rules.py`."""

from domain.machine import Action, Machine

VENDOR = Machine(
    noun="vendor",
    table="vendor",
    home="vendor",
    actions=(
        Action(
            "vendor.install",
            (),
            ("active",),
            "vendor.installed",
        ),
    ),
)
