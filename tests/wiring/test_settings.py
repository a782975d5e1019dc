"""Settings: defaults, refusals in sentences, what production refuses, and whose database a URL means."""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest

from adapters.payments.settings import PaymentsSettings
from wiring.databases import as_role, database_urls
from wiring.settings import (
    Settings,
    SettingsError,
    default_home,
    listed,
    payments_settings,
    production_faults,
    secrets_of,
    variable,
)

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"cursor_key": "c" * 32, "vault_key": "v" * 32}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.setenv("PORTCULLIS_HOME", str(tmp_path))


def test_the_contracts_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a newcomer gets without setting anything."""
    monkeypatch.delenv("PORTCULLIS_HOME")
    settings = Settings()
    assert (settings.port, settings.postgres, settings.profile) == (8080, "auto", "development")
    assert (settings.url, settings.payments_url) == ("http://127.0.0.1:8080", "http://127.0.0.1:8085")
    assert settings.home == default_home() == Path(__file__).parents[2] / ".portcullis"
    assert settings.tools == Path("~/.cache/portcullis/tools").expanduser()
    assert settings.database_url is None


def test_the_environment_sets_and_empty_means_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """`PORTCULLIS_DATABASE_URL=` is no URL."""
    monkeypatch.setenv("PORTCULLIS_PORT", "18080")
    monkeypatch.setenv("PORTCULLIS_DATABASE_URL", "")
    monkeypatch.setenv("PORTCULLIS_HOME", "somewhere")
    settings = Settings()
    assert (settings.port, settings.database_url) == (18080, None)
    assert settings.home == Path.cwd() / "somewhere"


def test_a_long_home_moves_the_sockets_and_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The kernel limits a socket's path."""
    assert Settings().opa_socket == tmp_path / "run" / "opa.sock"
    long = tmp_path / ("x" * 100)
    monkeypatch.setenv("PORTCULLIS_HOME", str(long))
    assert len(str(Settings().opa_socket)) < 108
    assert Settings().run_folder == long / "run"
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    assert len(str(Settings().opa_socket)) < 108


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORTCULLIS_PORT", "abc", "PORTCULLIS_PORT: .*'abc' is refused"),
        ("PORTCULLIS_PORT", "70000", "PORTCULLIS_PORT: .*'70000' is refused"),
        ("PORTCULLIS_PROFILE", "live", "PORTCULLIS_PROFILE: .*'live' is refused"),
        ("PORTCULLIS_POLICY_DEADLINE_MS", "0", "PORTCULLIS_POLICY_DEADLINE_MS: .*'0' is refused"),
    ],
)
def test_a_value_that_cannot_be_meant_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    """A sentence, not a traceback."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=says):
        Settings()


def test_the_payment_settings_refuse_in_sentences_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that cannot be meant is named, and so are two that do not go together."""
    monkeypatch.setenv("PORTCULLIS_PAYMENTS_TIMEOUT", "soon")
    with pytest.raises(SettingsError, match=r"PORTCULLIS_PAYMENTS_TIMEOUT: .*'soon' is refused"):
        payments_settings()
    monkeypatch.delenv("PORTCULLIS_PAYMENTS_TIMEOUT")
    monkeypatch.setenv("PORTCULLIS_PROFILE", "production")
    with pytest.raises(SettingsError, match="PORTCULLIS_PAYMENTS_KEY"):
        payments_settings()


def test_every_setting_is_read_somewhere() -> None:
    """A setting without effect would be a lie."""
    rooms = ("adapters", "cli", "db", "gateway", "wiring", "worker")
    source = "".join(file.read_text("utf-8") for room in rooms for file in (ROOT / room).rglob("*.py"))
    unread = [name for name in Settings.model_fields if not re.search(rf"(?:settings|self)\.{name}\b", source)]
    assert not unread


def test_every_setting_is_listed_with_its_purpose_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """`portcullis settings` may be pasted into an issue."""
    for name in ("CURSOR_KEY", "VAULT_KEY"):
        monkeypatch.setenv(f"PORTCULLIS_{name}", "hush-hush")
    for name in ("DATABASE_URL", "GATEWAY_DATABASE_URL", "WORKER_DATABASE_URL"):
        monkeypatch.setenv(f"PORTCULLIS_{name}", "postgresql://o:hush-hush@db/portcullis")
    monkeypatch.setenv("PORTCULLIS_PAYMENTS_KEY", "hush-hush")
    rows = listed(Settings(), payments_settings())
    names = [row["name"] for row in rows]
    assert set(names) == {variable(name) for name in (*Settings.model_fields, *PaymentsSettings.model_fields)}
    assert len(names) == len(set(names))
    assert all(row["purpose"] and row["purpose"].endswith(".") for row in rows)
    assert "hush-hush" not in json.dumps(rows) + repr(Settings())
    assert {row["value"] for row in rows if row["changed"]} >= {"(secret)"}


def test_production_refuses_each_development_key_the_issuer_and_a_privileged_role() -> None:
    """Each fault is named; development refuses none of them."""
    faults = production_faults(Settings(profile="production"), database_superuser=True)
    assert len(faults) == len(secrets_of(Settings())) + 2
    assert [name for name in KEYS if any(variable(name) in fault for fault in faults)] == list(KEYS)
    assert production_faults(Settings(), database_superuser=True) == []


@pytest.mark.parametrize(
    ("given", "superuser", "count"),
    [
        ({**KEYS, "issuer": "https://login.example"}, False, 0),
        ({**KEYS, "issuer": "https://login.example"}, True, 1),
        ({**KEYS}, False, 1),
        ({**KEYS, "issuer": "https://login.example", "vault_key": "v" * 31}, False, 1),
        ({**KEYS, "issuer": "https://login.example", "cursor_key": "c"}, False, 1),
        ({"cursor_key": "c" * 32, "issuer": "https://login.example"}, False, 1),
    ],
)
def test_production_starts_once_everything_is_its_own(given: dict[str, Any], superuser: bool, count: int) -> None:
    """Nothing else is in the way."""
    faults = production_faults(Settings(profile="production", **given), database_superuser=superuser)
    assert len(faults) == count


@pytest.mark.parametrize(
    ("owner", "gateway"),
    [
        ("postgresql://o:pw@db.example:6432/shop", "postgresql://g:p%2Fw@db.example:6432/shop"),
        ("postgresql://db.example/shop?sslmode=require", "postgresql://g:p%2Fw@db.example/shop?sslmode=require"),
        ("postgresql://o:a%40b@/shop?host=/run/pg", "postgresql://g:p%2Fw@/shop?host=/run/pg"),
        ("postgresql://o@[::1]:5432/shop", "postgresql://g:p%2Fw@[::1]:5432/shop"),
    ],
)
def test_an_external_database_is_entered_as_another_role(owner: str, gateway: str) -> None:
    """Only who enters changes."""
    assert as_role(owner, "g", "p/w") == gateway


def test_urls_of_an_external_database_are_derived_unless_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment may name each role's URL itself."""
    monkeypatch.setenv("PORTCULLIS_DATABASE_URL", "postgresql://o:pw@db/shop")
    monkeypatch.setenv("PORTCULLIS_WORKER_DATABASE_URL", "postgresql://w:own@db/shop")
    urls = database_urls(Settings())
    assert urls.owner == "postgresql://o:pw@db/shop"
    assert urls.gateway.startswith("postgresql://portcullis_gateway:")
    assert urls.worker == "postgresql://w:own@db/shop"
    assert "pw" not in repr(urls)


def test_our_own_database_is_reached_by_its_socket(tmp_path: Path) -> None:
    """Three roles, one folder of sockets, passwords that stay the same."""
    urls = database_urls(Settings())
    assert {url.partition("?")[2] for url in (urls.owner, urls.gateway, urls.worker)} == {f"host={tmp_path}/run"}
    assert database_urls(Settings()) == urls
