"""Every table as a SQLModel class, for migrations, the catalogue and tests; the request path never imports them.

`Table.info` says what the generator needs: `settable` columns of a noun's Advance; `makers`, columns that name who
acted; `signed`, the one of them that a new row must fill; `kept`, columns that no effect fills; `by_effect`, a table
that Put may fill; `of`, the column of a Put row that names its aggregate; `frozen` and `once`, columns that never
change (once set); `insert_only`; `reads`, the policy of the application roles where it is not the ordinary one.
"""

from importlib import import_module

from db.tables.columns import METADATA

ROOMS = (
    "marketplace",
    "journal",
    "decisions",
    "people",
    "access",
    "vendors",
    "services",
    "inventory",
    "carts",
    "purchases",
    "orders",
    "approvals",
    "payments",
    "fulfillment",
    "ledger",
    "sagas",
    "timeline",
    "revisions",
    "settings",
    "vault",
)
for _room in ROOMS:
    import_module(f"db.tables.{_room}")

__all__ = ["METADATA"]
