"""Damage for every invariant, as SQL: what each looks like, and which guard must be gone before it can be done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ARRAY, BigInteger, Boolean, Integer, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from db.generator.words import quoted
from db.tables import METADATA
from db.tables.columns import Instant

# What a column that a plant says nothing about holds, where it must hold something.
_FILLERS: tuple[tuple[type, str], ...] = (
    (Uuid, "gen_random_uuid()"),
    (Text, "'x'"),
    (BigInteger, "1"),
    (Integer, "1"),
    (Boolean, "true"),
    (JSONB, "'{}'"),
    (ARRAY, "'{}'"),
    (LargeBinary, "'\\x00'"),
    (Instant, "clock_timestamp()"),
)


@dataclass(frozen=True, slots=True)
class Plant:
    """`sql` is the damage. `guards` undo what refuses it beyond triggers and foreign keys.

    `refused` False: nothing but a privilege keeps the owner of the database from doing it; the check is all there is.
    """

    check: str
    sql: str
    guards: tuple[str, ...] = ()
    refused: bool = True


def row(table: str, of: str, **values: str) -> str:
    """An INSERT of one row per row of `of`, with every needed column filled."""
    given = dict(values)
    for column in METADATA.tables[table].columns:
        if column.name not in given and not column.nullable and column.server_default is None and not column.computed:
            given[column.name] = next(sql for kind, sql in _FILLERS if isinstance(column.type, kind))
    return f"insert into {quoted(table)} ({', '.join(given)}) select {', '.join(given.values())} from {of}"


def entry(version: str, source: str, target: str, action: str, **more: str) -> str:
    """A journal row of the order `o`, with a decision mark of its own where none is named."""
    given = {"organization": "o.organization", "aggregate": "o.id", "noun": "'order'", "version": version}
    return row("journal", ORDER, **{**given, "source": source, "target": target, "action": action, **more})


ORDER = "(select * from orders where state = 'placed' order by number limit 1) o"
PURCHASE = "(select * from purchase where state = 'placed' order by number limit 1) p"
STOCK = "(select * from stock where on_hand > 0 order by id limit 1)"
OF_PURCHASE = {"organization": "p.organization", "purchase": "p.id", "amount_minor": "p.total_minor"}
HELD = {"counterparty": "p.organization", "purchase": "p.id", "variant": "s.variant", "organization": "s.organization"}
KEPT = {"organization": "m.platform", "person": "m.platform", "key": "'k'", "state": "'done'"}
SAGA = {"organization": "p.organization", "subject": "p.id", "kind": "'checkout'"}
MARKET = "marketplace m"

PLANTS: tuple[Plant, ...] = (
    Plant(
        "stock_in_bounds",
        "update stock set reserved = on_hand + 1",
        ("alter table stock drop constraint stock_is_never_oversold",),
    ),
    Plant("stock_reserved_is_held", "update stock set reserved = 1 where on_hand > 0", refused=False),
    Plant("stock_is_what_was_told", "update stock set on_hand = on_hand + 1", refused=False),
    Plant(
        "stock_is_what_was_told",
        "update inventory_reservations set state = 'returned', version = version + 1 where state = 'finalized'",
    ),
    Plant(
        "stock_reserved_is_held",
        row("inventory_reservations", f"{PURCHASE}, {STOCK} s", **HELD, state="'held'"),
    ),
    Plant(
        "reservation_ends_once",
        ";".join(
            entry(version, "'held'", target, "'x'", noun="'reservation'", aggregate="o.tax_calculation")
            for version, target in (("2", "'finalized'"), ("3", "'released'"))
        ),
        ("alter table journal drop constraint journal_edge_is_declared",),
    ),
    Plant(
        "placed_purchase_keeps_its_stock",
        row("inventory_reservations", f"{PURCHASE}, {STOCK} s", **HELD, state="'released'"),
    ),
    Plant("failed_purchase_keeps_nothing", "update purchase set state = 'failed', version = version + 1"),
    Plant(
        "order_total_is_its_lines", "update order_items set tax_minor = tax_minor + 1, total_minor = total_minor + 1"
    ),
    Plant(
        "order_total_is_its_lines",
        "update orders set total_minor = total_minor + 1",
        ("alter table orders drop constraint orders_total_is_the_sum",),
    ),
    Plant("purchase_total_is_its_orders", "update purchase set total_minor = total_minor + 1"),
    Plant(
        "ledger_sums_to_zero",
        row("transfer", ORDER, organization="o.organization", debit="'a'", credit="'b'", amount="-5"),
        ("alter table transfer drop constraint transfer_amount_is_positive",),
    ),
    Plant(
        "ledger_sums_to_zero",
        row("transfer", ORDER, organization="o.organization", debit="'a'", credit="'b'", amount="5") + ";"
        "create or replace view posting as select organization, id as transfer, debit as account,"
        " amount as amount_minor, currency, cause, at from transfer",
        refused=False,
    ),
    Plant(
        "ledger_follows_orders",
        row(
            "transfer",
            ORDER,
            organization="o.organization",
            cause="o.id",
            currency="o.currency",
            amount="1",
            debit="'memo:committed'",
            credit="'memo:expected'",
        ),
        refused=False,
    ),
    Plant("one_live_authorization", 'update "authorization" set amount_minor = amount_minor + 1'),
    Plant(
        "one_live_authorization",
        row("authorization", PURCHASE, **OF_PURCHASE, attempt="2", state="'authorized'", provider_key="'k2'"),
        ("drop index authorization_live_key",),
    ),
    Plant(
        "captured_within_authorized",
        row(
            "capture",
            f'{ORDER} join "authorization" a on a.organization = o.organization and a.purchase = o.purchase',
            organization="o.organization",
            order_id="o.id",
            authorization_id="a.id",
            amount_minor="a.amount_minor + 1",
            state="'pending'",
        ),
    ),
    Plant("dispatched_order_is_paid_once", "update orders set state = 'dispatched', version = version + 1"),
    Plant(
        "dispatched_order_is_paid_once",
        row("shipment", ORDER, organization="o.organization", order_id="o.id", state="'dispatched'"),
    ),
    Plant(
        "declared_edges_only",
        entry("o.version + 1", "'placed'", "'completed'", "'order.complete'"),
        ("alter table journal drop constraint journal_edge_is_declared",),
    ),
    Plant("guards_are_on", "alter table orders disable trigger is_frozen", refused=False),
    Plant("guards_are_on", "drop trigger is_insert_only on journal", refused=False),
    Plant("guards_are_on", "drop index authorization_live_key", refused=False),
    Plant("guards_are_on", "alter table orders drop constraint orders_head_fkey", refused=False),
    Plant("applications_write_nothing", "grant update on orders to portcullis_gateway", refused=False),
    Plant("change_rests_on_an_allow", "update journal set decision = gen_random_uuid() where noun = 'order'"),
    Plant("change_rests_on_an_allow", "update decision set effects = '[]'"),
    Plant(
        "change_rests_on_an_allow",
        "update decision set outcome = 'denied'",
        ("alter table decision drop constraint decision_denial_moves_nothing",),
    ),
    Plant(
        "allows_answer_their_question",
        row(
            "decision",
            MARKET,
            organization="m.platform",
            outcome="'allowed'",
            decider="'policy'",
            input="'{}'",
            input_sha256="sha256('{}'::bytea)",
        ),
        refused=False,
    ),
    Plant(
        "marks_repeat_their_decision",
        row("decision_mark", MARKET, organization="m.platform", action="'order.approve'"),
        refused=False,
    ),
    Plant(
        "decisions_keep_to_their_decider",
        "update decision set decider = 'fixed'",
        ("alter table decision drop constraint decision_fixed_is_listed",),
    ),
    Plant("decisions_keep_to_their_decider", "update decision set decided_at = clock_timestamp()"),
    Plant("state_is_its_newest_journal_row", "update orders set state = 'approved'"),
    Plant("state_is_its_newest_journal_row", "delete from orders"),
    Plant(
        "state_is_its_newest_journal_row",
        "update \"grant\" set state = 'revoked', revoked_at = clock_timestamp() where role = 'buyer'",
        refused=False,
    ),
    Plant(
        "versions_without_gaps",
        entry("o.version + 2", "'placed'", "'approved'", "'order.approve'", event="'order.approved'"),
    ),
    Plant("versions_without_gaps", "delete from journal where version = 1 and noun = 'service'"),
    Plant(
        "maker_is_not_checker",
        "update orders set approved_by = placed_by",
        ("alter table orders drop constraint orders_approver_is_not_placer",),
    ),
    Plant(
        "maker_is_not_checker",
        entry("o.version + 1", "'placed'", "'approved'", "'order.approve'", person="o.placed_by"),
        ("alter table journal drop constraint journal_edge_is_declared",),
    ),
    Plant(
        "homes_are_of_their_kind",
        row("vendor", PURCHASE, organization="p.organization", state="'active'", country="'DE'"),
    ),
    Plant("journal_names_the_other_side", "update journal set counterparty = organization where noun = 'order'"),
    Plant("references_stay_with_their_parties", "update order_items set variant_home = organization"),
    Plant("references_stay_with_their_parties", "update orders set counterparty = organization"),
    Plant("row_security_is_forced", "alter table orders no force row level security", refused=False),
    Plant("row_security_is_forced", "create policy open on orders for select to public using (true)", refused=False),
    Plant(
        "one_outcome_per_key",
        ";".join([row("idempotency", MARKET, **KEPT, action="'a'")] * 2),
        ("alter table idempotency drop constraint idempotency_pkey",),
    ),
    Plant(
        "one_outcome_per_key",
        row("saga", PURCHASE, **SAGA, state="'finished'", key="'k'", key_action="'a'", fingerprint="'\\x00'"),
    ),
    Plant(
        "outcomes_name_what_happened",
        row(
            "idempotency",
            MARKET,
            **KEPT,
            action="'order.approve'",
            outcome="jsonb_build_object('nouns', jsonb_build_object('order', jsonb_build_object("
            "'$', 'Ref', 'noun', 'order', 'home', m.platform, 'id', gen_random_uuid())))",
        ),
        refused=False,
    ),
    Plant(
        "grants_are_valid",
        'update "grant" set granted_by = person',
        ('alter table "grant" drop constraint grant_is_not_self_given',),
    ),
    Plant("settings_are_audited", "update runtime_setting set value = '1' where kind = 'integer'", refused=False),
    Plant(
        "no_hold_past_its_time",
        row(
            "inventory_reservations",
            f"{PURCHASE}, {STOCK} s",
            **HELD,
            state="'held'",
            expires_at="clock_timestamp() - interval '1 hour'",
        ),
    ),
    Plant(
        "no_saga_unfinished",
        row("saga", PURCHASE, **SAGA, state="'waiting'", created_at="clock_timestamp() - interval '2 minutes'"),
    ),
    Plant(
        "no_timer_overdue",
        row("timer", MARKET, organization="m.platform", due_at="clock_timestamp() - interval '1 hour'"),
        refused=False,
    ),
    Plant("journal_leaves_verify", "update journal set payload = '{\"edited\": true}' where noun = 'order'"),
    Plant("journal_leaves_verify", "update journal set at = at + interval '1 microsecond' where noun = 'grant'"),
)
