"""Card numbers are found however they are spelled, refused, and leave no trace."""

from __future__ import annotations

from gateway.cards import holds_card_number
from tests.gateway.ground import CARD, Client, Running


def test_it_looks_everywhere_in_a_value() -> None:
    """Also at names and deep inside."""
    assert holds_card_number({"a": [{"b": {"c": CARD}}]})
    assert holds_card_number({CARD: 1})
    assert not holds_card_number({"a": [1, None, True, 4111111111111111]})


async def test_a_refused_card_number_is_logged_nowhere(client: Client, running: Running) -> None:
    """Neither in a variable, nor in a literal, an operation's name, a path, or a request id."""
    digits = "4111111111111111"
    await client.ask("query($n: String!) { hello(name: $n) }", {"n": CARD})
    await client.ask(f'{{hello(name: "{CARD}")}}')
    await client.ask(f"query q{digits} {{ a{digits}: hello }}")
    await client.ask("{hello}", X_Request_Id=digits)
    await client.send("GET", f"/{digits}?card={digits}")
    assert running.lines("request")
    assert digits not in running.log.getvalue()
    assert CARD not in running.log.getvalue()
