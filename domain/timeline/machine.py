"""The machines of timeline, as data; what an edge does beyond moving stands in `rules.py`."""

from domain.machine import Action, Machine

NOTE = Machine(
    noun="note",
    table="note",
    home="subject",
    actions=(
        Action(
            "note.add",
            (),
            ("live",),
            "note.added",
            mutation="noteAdd",
            key="required",
            expects="none",
            moves="record",
        ),
    ),
)
