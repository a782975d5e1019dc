# METADATA
# title: Vendors
# description: Vendors stand already; applying and verifying come with onboarding.
package policies.vendors

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, {})
