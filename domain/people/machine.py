"""The machines of people, as data; what an edge does beyond moving stands in `rules.py`."""

from domain.machine import Action, Machine

ORGANIZATION = Machine(
    noun="organization",
    table="organization",
    home="platform",
    actions=(
        Action(
            "organization.create",
            (),
            ("live",),
            "organization.created",
            mutation="organizationCreate",
            key="required",
            expects="none",
            moves="record",
        ),
    ),
)

PERSON = Machine(
    noun="person",
    table="person",
    home="platform",
    actions=(
        Action(
            "person.invite",
            (),
            ("live",),
            "person.invited",
            mutation="personInvite",
            key="required",
            expects="none",
            moves="access",
        ),
    ),
)
