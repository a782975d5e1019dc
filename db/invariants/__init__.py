"""What must be true of every marketplace, as one SQL file each, and how they are run; `portcullis verify` tells of it.

A file has a head and two queries: `says` in one sentence, `invariant` (its number in the list of invariants that the
project promises), the query under `violations` (organization, id, what: one row for each break) and the query under
`counted` (how many rows were looked at).
"""

from db.invariants.catalogue import Invariant, invariants
from db.invariants.leaves import LEAVES, examine_leaves
from db.invariants.run import Finding, examine

__all__ = ["LEAVES", "Finding", "Invariant", "examine", "examine_leaves", "invariants"]
