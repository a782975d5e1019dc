"""The machines of settings, as data; what an edge does beyond moving stands in `rules.py`."""

from domain.machine import Action, Machine

RUNTIME_SETTING = Machine(
    noun="runtime_setting",
    table="runtime_setting",
    home="platform",
    actions=(
        Action(
            "runtime_setting.install",
            (),
            ("live",),
            "runtime_setting.installed",
            moves="settings",
        ),
    ),
)
