"""Ways to break each invariant through the one door that writes, whatever the policy may have allowed."""

from tests.db.attempts_on_company import ATTEMPTS as COMPANY
from tests.db.attempts_on_goods import ATTEMPTS as GOODS
from tests.db.attempts_on_history import ATTEMPTS as HISTORY
from tests.db.attempts_on_people import ATTEMPTS as PEOPLE
from tests.db.attempts_on_permits import ATTEMPTS as PERMITS

ATTEMPTS = (*COMPANY, *GOODS, *HISTORY, *PEOPLE, *PERMITS)
