# METADATA
# title: Runtime settings
# description: Settings are installed with the release.
package policies.settings

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, {})
