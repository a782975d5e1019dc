# METADATA
# title: People and organizations
# description: Operators make organizations; administrators invite people into their own.
package policies.people

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, {})
