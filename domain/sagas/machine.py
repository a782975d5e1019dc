"""The machines of sagas, as data; what an edge does beyond moving stands in `rules.py`."""

from domain.machine import Action, Machine

SAGA = Machine(
    noun="saga",
    table="saga",
    home="subject",
    actions=(
        Action(
            "saga.start",
            (),
            ("running",),
            "saga.started",
        ),
        Action(
            "saga.deny_step",
            ("running",),
            ("compensating",),
            "saga.step_denied",
            decider="fixed",
        ),
        Action(
            "saga.advance",
            ("running", "waiting", "compensating"),
            ("running", "waiting", "compensating", "finished", "failed"),
            "saga.advanced",
            decider="fixed",
        ),
    ),
)
