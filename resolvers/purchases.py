"""Purchases: how far a checkout is, and why it failed."""

from __future__ import annotations

from collections.abc import Sequence

from db import purchases, sagas
from domain.command import Ref
from domain.outcomes import refusal_from_json
from domain.purchases.model import Purchase
from domain.refusals import Refusal
from domain.sagas.model import Saga, SagaStep
from resolvers.context import Context
from resolvers.nodes import organization
from resolvers.paging import Listing

PURCHASES = Listing(purchases.ALL, "created_at", ids={"buyer_ids": ("organization",)})
SAGAS = Listing(sagas.ALL, "created_at")


def buyer_of(context: Context, purchase: Purchase) -> Ref | None:
    return organization(context, purchase.home)


def failure_of(purchase: Purchase) -> Refusal | None:
    return None if purchase.failure is None else refusal_from_json(purchase.failure)


def subject_of_saga(context: Context, saga: Saga) -> Ref:
    return Ref(saga.subject_noun, saga.home, saga.subject)


async def steps_of_purchases(context: Context, asked: Sequence[Purchase]) -> Sequence[Sequence[SagaStep]]:
    return await sagas.steps(context.asked, sagas.OF_SUBJECT, [purchase.ref for purchase in asked])


async def steps_of_sagas(context: Context, asked: Sequence[Saga]) -> Sequence[Sequence[SagaStep]]:
    return await sagas.steps(context.asked, sagas.OF_SAGA, [saga.ref for saga in asked])
