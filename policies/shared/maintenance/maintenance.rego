# METADATA
# title: What goes on during maintenance
package policies.shared.maintenance

# METADATA
# title: The marketplace is open for this
# description: Off is open; draining, nothing new begins; read only, only the named roles change anything.
# custom:
#   code: maintenance.closed
#   check: maintenance
#   message: The marketplace is being maintained and does not take this now.
#   remedy: Try again when maintenance is over.
#   controls: ["SOC2 A1.2"]
default open(_) := false

open(req) if req.context.maintenance == "off"

open(req) if {
	req.context.maintenance == "drain"
	every action in data.policies.matrix.maintenance.drain { action != req.action.name }
}

open(req) if {
	req.context.maintenance == "read_only"
	some role in req.subject.roles
	role in data.policies.matrix.maintenance.read_only
}
