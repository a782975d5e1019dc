# METADATA
# title: Sagas
# description: A saga starts with the decision that it carries out; its bookkeeping is fixed.
package policies.sagas

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, {})
