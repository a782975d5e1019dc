"""Settings of the payment provider, as the environment gives them."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from adapters.payments.settings import PaymentsSettings
from tests.adapters.payments.process import ROOT


def test_production_refuses_the_development_secrets() -> None:
    with pytest.raises(ValidationError, match="PORTCULLIS_PAYMENTS_KEY"):
        PaymentsSettings(profile="production")
    with pytest.raises(ValidationError, match="PORTCULLIS_PAYMENTS_KEY"):
        PaymentsSettings(profile="production", payments_key="own", payments_webhook_secret="")
    assert PaymentsSettings(profile="production", payments_key="own", payments_webhook_secret="own").is_production


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:8085", ("127.0.0.1", 8085)),
        ("http://localhost", ("localhost", 80)),
        ("http://[::1]:9", ("::1", 9)),
    ],
)
def test_the_sandbox_listens_where_its_clients_look(url: str, address: tuple[str, int]) -> None:
    assert PaymentsSettings(payments_url=url).address == address


@pytest.mark.parametrize(
    "environment",
    [
        {"PORTCULLIS_PAYMENTS_URL": "https://provider.example"},
        {"PORTCULLIS_PROFILE": "production"},
    ],
)
def test_the_sandbox_does_not_start_with_settings_that_make_no_sense(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "adapters.payments.sandbox"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr.startswith("payments: ")) == (2, True)
