"""Types by name for annotations, resolved when the schema is built: so types may show each other in circles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from schema.access import Grant, GrantConnection, Session, SessionConnection
    from schema.approvals import Approval, ApprovalConnection
    from schema.carts import Cart, CartConnection, CartLine
    from schema.decisions import Decision
    from schema.fulfillment import Shipment
    from schema.inventory import ReservationConnection, Stock
    from schema.journal import JournalEntry
    from schema.orders import Order, OrderConnection, OrderLine
    from schema.payments import Authorization, Capture, Payment, PaymentAttempt
    from schema.people import Account, AddressBookEntry, Organization, Person, PersonConnection
    from schema.purchases import Purchase
    from schema.revisions import PolicyRevision
    from schema.sagas import SagaStep
    from schema.services import PriceConnection, Service, ServiceConnection, Variant
    from schema.shared import Actor, Address, Governed, PermittedAction
    from schema.timeline import Note, TimelineEntryConnection
    from schema.vendors import Vendor
    from schema.viewer import Viewer

GrantT = Annotated["Grant", strawberry.lazy("schema.access")]
GrantConnectionT = Annotated["GrantConnection", strawberry.lazy("schema.access")]
SessionT = Annotated["Session", strawberry.lazy("schema.access")]
SessionConnectionT = Annotated["SessionConnection", strawberry.lazy("schema.access")]
ApprovalT = Annotated["Approval", strawberry.lazy("schema.approvals")]
ApprovalConnectionT = Annotated["ApprovalConnection", strawberry.lazy("schema.approvals")]
CartT = Annotated["Cart", strawberry.lazy("schema.carts")]
CartLineT = Annotated["CartLine", strawberry.lazy("schema.carts")]
CartConnectionT = Annotated["CartConnection", strawberry.lazy("schema.carts")]
DecisionT = Annotated["Decision", strawberry.lazy("schema.decisions")]
ShipmentT = Annotated["Shipment", strawberry.lazy("schema.fulfillment")]
StockT = Annotated["Stock", strawberry.lazy("schema.inventory")]
ReservationConnectionT = Annotated["ReservationConnection", strawberry.lazy("schema.inventory")]
JournalEntryT = Annotated["JournalEntry", strawberry.lazy("schema.journal")]
OrderT = Annotated["Order", strawberry.lazy("schema.orders")]
OrderConnectionT = Annotated["OrderConnection", strawberry.lazy("schema.orders")]
OrderLineT = Annotated["OrderLine", strawberry.lazy("schema.orders")]
AuthorizationT = Annotated["Authorization", strawberry.lazy("schema.payments")]
CaptureT = Annotated["Capture", strawberry.lazy("schema.payments")]
PaymentT = Annotated["Payment", strawberry.lazy("schema.payments")]
PaymentAttemptT = Annotated["PaymentAttempt", strawberry.lazy("schema.payments")]
AccountT = Annotated["Account", strawberry.lazy("schema.people")]
AddressBookEntryT = Annotated["AddressBookEntry", strawberry.lazy("schema.people")]
OrganizationT = Annotated["Organization", strawberry.lazy("schema.people")]
PersonT = Annotated["Person", strawberry.lazy("schema.people")]
PersonConnectionT = Annotated["PersonConnection", strawberry.lazy("schema.people")]
PurchaseT = Annotated["Purchase", strawberry.lazy("schema.purchases")]
PolicyRevisionT = Annotated["PolicyRevision", strawberry.lazy("schema.revisions")]
SagaStepT = Annotated["SagaStep", strawberry.lazy("schema.sagas")]
ServiceT = Annotated["Service", strawberry.lazy("schema.services")]
ServiceConnectionT = Annotated["ServiceConnection", strawberry.lazy("schema.services")]
VariantT = Annotated["Variant", strawberry.lazy("schema.services")]
PriceConnectionT = Annotated["PriceConnection", strawberry.lazy("schema.services")]
ActorT = Annotated["Actor", strawberry.lazy("schema.shared")]
AddressT = Annotated["Address", strawberry.lazy("schema.shared")]
GovernedT = Annotated["Governed", strawberry.lazy("schema.shared")]
PermittedActionT = Annotated["PermittedAction", strawberry.lazy("schema.shared")]
TimelineEntryConnectionT = Annotated["TimelineEntryConnection", strawberry.lazy("schema.timeline")]
NoteT = Annotated["Note", strawberry.lazy("schema.timeline")]
VendorT = Annotated["Vendor", strawberry.lazy("schema.vendors")]
ViewerT = Annotated["Viewer", strawberry.lazy("schema.viewer")]
