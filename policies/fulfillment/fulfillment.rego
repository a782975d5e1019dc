# METADATA
# title: Shipments
# description: A shipment moves with the order that it carries.
package policies.fulfillment

import data.policies.shared.verdict as verdicts

verdict(req) := verdicts.of(req, {})
