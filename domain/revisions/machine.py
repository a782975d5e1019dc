"""The machines of revisions, as data; what an edge does beyond moving stands in `rules.py`."""

from domain.machine import Action, Machine

POLICY_REVISION = Machine(
    noun="policy_revision",
    table="policy_revision",
    home="platform",
    actions=(
        Action(
            "policy_revision.install",
            (),
            ("active",),
            "policy_revision.installed",
        ),
        Action(
            "policy_revision.supersede",
            ("active",),
            ("superseded",),
            "policy_revision.superseded",
        ),
    ),
)
