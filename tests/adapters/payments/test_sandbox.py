"""The sandbox's books over plain HTTP: methods, captures, voids, keys, lists."""

import asyncio

import pytest

from tests.adapters.payments.process import Http, new_key, new_reference

AUTHORIZATIONS = "/v1/authorizations"


async def test_an_authorization_answers_everything_it_was_made_of(provider: Http) -> None:
    key, reference = new_key(), new_reference()
    made = await provider.authorize(12_345, "pm_ok", reference, key)
    assert str(made.pop("id")).startswith("auth_")
    assert made.pop("created_at")
    assert made == {
        "key": key,
        "reference": reference,
        "amount": 12_345,
        "currency": "EUR",
        "method": "pm_ok",
        "state": "authorized",
        "decline_code": None,
        "captures": [],
        "refunds": [],
    }


@pytest.mark.parametrize(
    ("method", "code"), [("pm_declined", "card_declined"), ("pm_insufficient", "insufficient_funds")]
)
async def test_a_declining_method_leaves_a_declined_authorization(provider: Http, method: str, code: str) -> None:
    made = await provider.authorize(method=method)
    assert (made["state"], made["decline_code"]) == ("declined", code)
    for operation, content in (("captures", {"amount": 1}), ("void", {})):
        status, refused = await provider.post(f"{AUTHORIZATIONS}/{made['id']}/{operation}", content, new_key())
        assert (status, refused["error"]["code"]) == (409, "authorization_declined")


async def test_the_same_key_answers_the_same_authorization_as_it_is_now(provider: Http) -> None:
    key, reference = new_key(), new_reference()
    made = await provider.authorize(500, "pm_ok", reference, key)
    await provider.post(f"{AUTHORIZATIONS}/{made['id']}/void", {}, new_key())
    again = await provider.authorize(500, "pm_ok", reference, key)
    assert again == {**made, "state": "voided"}
    assert await provider.get(f"{AUTHORIZATIONS}?reference={reference}") == (200, [again])


async def test_a_closed_key_does_nothing_any_more(provider: Http) -> None:
    """However late its authorization arrives; closing again is the same promise."""
    key, reference = new_key(), new_reference()
    for _ in range(2):
        assert await provider.post(f"{AUTHORIZATIONS}/close", {}, key) == (200, {"key": key, "closed": True})
    content = {"amount": 500, "currency": "EUR", "method": "pm_ok", "reference": reference}
    status, refused = await provider.post(AUTHORIZATIONS, content, key)
    assert (status, refused["error"]["code"]) == (409, "key_closed")
    assert await provider.get(f"{AUTHORIZATIONS}?reference={reference}") == (200, [])


async def test_a_key_that_was_used_is_not_closed(provider: Http) -> None:
    key = new_key()
    made = await provider.authorize(500, key=key)
    status, refused = await provider.post(f"{AUTHORIZATIONS}/close", {}, key)
    assert (status, refused["error"]["code"]) == (409, "key_in_use")
    assert await provider.get(f"{AUTHORIZATIONS}/{made['id']}") == (200, made)


async def test_a_key_with_another_body_or_another_operation_is_refused(provider: Http) -> None:
    key = new_key()
    made = await provider.authorize(500, key=key)
    content = {"amount": 501, "currency": "EUR", "method": "pm_ok", "reference": made["reference"]}
    tries = [(AUTHORIZATIONS, content), (f"{AUTHORIZATIONS}/{made['id']}/captures", {"amount": 500})]
    for path, body in tries:
        status, refused = await provider.post(path, body, key)
        assert (status, refused["error"]["code"]) == (422, "idempotency_mismatch")
    assert await provider.get(f"{AUTHORIZATIONS}/{made['id']}") == (200, made)


async def test_one_key_sent_sixteen_times_at_once_makes_one_authorization(provider: Http) -> None:
    key, reference = new_key(), new_reference()
    answers = await asyncio.gather(*(provider.authorize(700, "pm_ok", reference, key) for _ in range(16)))
    assert len({answer["id"] for answer in answers}) == 1
    _, found = await provider.get(f"{AUTHORIZATIONS}?reference={reference}")
    assert found == [answers[0]]


async def test_partial_captures_add_up_and_the_last_one_makes_it_captured(provider: Http) -> None:
    made = await provider.authorize(1000)
    path, states = f"{AUTHORIZATIONS}/{made['id']}/captures", []
    for amount in (300, 300, 400):
        status, now = await provider.post(path, {"amount": amount}, new_key())
        assert status == 201
        states.append((now["state"], [capture["amount"] for capture in now["captures"]]))
    assert states == [("authorized", [300]), ("authorized", [300, 300]), ("captured", [300, 300, 400])]
    status, refused = await provider.post(path, {"amount": 1}, new_key())
    assert (status, refused["error"]["code"]) == (409, "authorization_captured")


async def test_more_than_the_authorized_amount_is_never_captured(provider: Http) -> None:
    made = await provider.authorize(1000)
    path = f"{AUTHORIZATIONS}/{made['id']}/captures"
    status, refused = await provider.post(path, {"amount": 1001}, new_key())
    assert (status, refused["error"]["code"]) == (409, "amount_exceeds_authorization")
    answers = await asyncio.gather(*(provider.post(path, {"amount": 300}, new_key()) for _ in range(8)))
    assert sorted(status for status, _ in answers) == [201] * 3 + [409] * 5
    _, now = await provider.get(f"{AUTHORIZATIONS}/{made['id']}")
    assert sum(capture["amount"] for capture in now["captures"]) == 900


async def test_one_capture_key_sent_eight_times_at_once_captures_once(provider: Http) -> None:
    made = await provider.authorize(1000)
    key, path = new_key(), f"{AUTHORIZATIONS}/{made['id']}/captures"
    answers = await asyncio.gather(*(provider.post(path, {"amount": 100}, key) for _ in range(8)))
    assert sorted(status for status, _ in answers) == [200] * 7 + [201]
    _, now = await provider.get(f"{AUTHORIZATIONS}/{made['id']}")
    assert [(capture["key"], capture["amount"]) for capture in now["captures"]] == [(key, 100)]


async def test_a_void_ends_an_authorization_once_and_for_all(provider: Http) -> None:
    made = await provider.authorize()
    path, key = f"{AUTHORIZATIONS}/{made['id']}", new_key()
    for _ in range(2):
        assert await provider.post(f"{path}/void", {}, key) == (200, {**made, "state": "voided"})
    for operation, content in (("captures", {"amount": 1}), ("void", {})):
        status, refused = await provider.post(f"{path}/{operation}", content, new_key())
        assert (status, refused["error"]["code"]) == (409, "authorization_voided")


async def test_what_is_captured_in_part_or_in_full_cannot_be_voided(provider: Http) -> None:
    made = await provider.authorize(1000)
    path = f"{AUTHORIZATIONS}/{made['id']}"
    for amount, code in ((400, "authorization_partly_captured"), (600, "authorization_captured")):
        await provider.post(f"{path}/captures", {"amount": amount}, new_key())
        status, refused = await provider.post(f"{path}/void", {}, new_key())
        assert (status, refused["error"]["code"]) == (409, code)


async def test_void_against_capture_has_exactly_one_winner(provider: Http) -> None:
    for _ in range(20):
        made = await provider.authorize(1000)
        path = f"{AUTHORIZATIONS}/{made['id']}"
        captured, voided = await asyncio.gather(
            provider.post(f"{path}/captures", {"amount": 1000}, new_key()), provider.post(f"{path}/void", {}, new_key())
        )
        assert sorted((captured[0] == 201, voided[0] == 200)) == [False, True]


async def test_a_refused_request_does_not_use_up_its_key(provider: Http) -> None:
    made = await provider.authorize(1000)
    key, path = new_key(), f"{AUTHORIZATIONS}/{made['id']}/captures"
    assert (await provider.post(path, {"amount": 2000}, key))[0] == 409
    assert (await provider.post(path, {"amount": 1000}, key))[0] == 201


async def test_pages_walk_all_of_a_reference_oldest_first(provider: Http) -> None:
    reference = new_reference()
    made = [(await provider.authorize(n, "pm_ok", reference))["id"] for n in range(1, 8)]
    seen: list[object] = []
    path = f"{AUTHORIZATIONS}?reference={reference}&limit=3"
    while True:
        _, page = await provider.get(path + (f"&after={seen[-1]}" if seen else ""))
        seen += [found["id"] for found in page]
        if len(page) < 3:
            break
    assert seen == made


async def test_the_whole_list_is_in_the_order_of_making(provider: Http) -> None:
    first, second = await provider.authorize(), await provider.authorize()
    _, found = await provider.get(f"{AUTHORIZATIONS}?after={first['id']}")
    assert [one["id"] for one in found] == [second["id"]]
    _, everything = await provider.get(AUTHORIZATIONS)
    times = [one["created_at"] for one in everything]
    assert times == sorted(times)
