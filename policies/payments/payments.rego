# METADATA
# title: Authorizations and captures
# description: Money moves with a purchase or an order; what gives back or records an answer is fixed.
package policies.payments

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, {})
