# METADATA
# title: Notes
# description: Everybody who sees a thing may write a note about it, but auditors, who change nothing.
# custom:
#   words:
#     role:
#       note.add: {code: timeline.note.role, message: Your roles in this organization do not let you write notes., remedy: Somebody who works on this may write it.}
package policies.timeline

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, {"audience": fitting(req)})

# METADATA
# title: Notes for the platform come from the platform
# description: The parties write for each other and the platform; only the platform's staff writes for itself.
# custom:
#   code: timeline.note.audience
#   check: audience
#   message: Only staff of the platform may write a note that only the platform sees.
#   remedy: Write it for the parties.
#   controls: ["SOC2 CC6.1"]
default fitting(_) := false

fitting(req) if req.action.args.visibility == "parties"

fitting(req) if {
	req.action.args.visibility == "platform"
	req.subject.organization_kind == "platform"
}
