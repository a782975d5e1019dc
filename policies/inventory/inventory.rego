# METADATA
# title: Stock and reservations
# description: A vendor's managers count its stock; reservations move with the purchase that needs them.
# custom:
#   words:
#     role:
#       stock.adjust: {code: inventory.adjust.role, message: Only a manager of the vendor may adjust its stock., remedy: A manager of that vendor may do it.}
package policies.inventory

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, {})
