"""What may be set at start-up, each with a development default; run-time settings live in the database instead."""

from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.payments import settings as payments
from adapters.sockets import socket_folder

DEVELOPMENT_ISSUER = "https://issuer.portcullis.test"
DEVELOPMENT_KEY = "portcullis-development-only"
SHORTEST_KEY = 32
_KEYS = ("cursor_key", "vault_key")
_DEVELOPMENT_KEYS = frozenset({DEVELOPMENT_KEY, payments.DEVELOPMENT_KEY, payments.DEVELOPMENT_WEBHOOK_SECRET})


class SettingsError(ValueError):
    """Settings that cannot be meant; one line for each, naming its variable."""


class Profile(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


def default_home() -> Path:
    """`.portcullis/` beside the source, wherever a command is typed; in the current folder for an installed wheel."""
    source = Path(__file__).resolve().parent.parent
    return (source if (source / "pyproject.toml").is_file() else Path.cwd()) / ".portcullis"


def default_tools() -> Path:
    return Path("~/.cache/portcullis/tools").expanduser()


class Settings(BaseSettings):
    """Read from the environment as PORTCULLIS_<NAME>; `portcullis settings` prints the descriptions."""

    model_config = SettingsConfigDict(env_prefix="PORTCULLIS_", env_ignore_empty=True, frozen=True, extra="ignore")

    profile: Profile = Field(
        Profile.DEVELOPMENT, description="development, test or production; production refuses development keys."
    )
    host: str = Field("127.0.0.1", description="Address that the gateway listens on.")
    port: int = Field(8080, ge=1, le=65535, description="Port that the gateway listens on.")
    home: Path = Field(
        default_factory=default_home,
        description="Folder of database files, sockets, logs and pid files; a new folder is a new marketplace.",
    )
    tools: Path = Field(default_factory=default_tools, description="Cache of pinned tools such as opa.")
    database_url: SecretStr | None = Field(
        None, description="Owner's URL of an external database; unset: a PostgreSQL of our own under the home."
    )
    gateway_database_url: SecretStr | None = Field(
        None, description="The gateway's URL of an external database; unset: derived from the owner's."
    )
    worker_database_url: SecretStr | None = Field(
        None, description="The worker's URL of an external database; unset: derived from the owner's."
    )
    postgres: str = Field(
        "auto", description="Which PostgreSQL to run when none is external: auto, system, embedded or a path."
    )
    pool_size: int = Field(10, ge=1, le=100, description="Database connections of the gateway.")
    worker_pool_size: int = Field(4, ge=1, le=100, description="Database connections of the worker.")
    database_wait_ms: int = Field(2000, ge=1, description="How long a request waits for a free database connection.")
    policy_deadline_ms: int | None = Field(
        None, ge=1, description="How long one question to OPA may take; unset: 1000, and 250 in production."
    )
    operation_deadline_ms: int = Field(
        10_000, ge=100, description="How long one GraphQL operation may take before it is given up."
    )
    payments_url: str = Field(
        "http://127.0.0.1:8085", description="The payment provider; an address of this machine: our sandbox, run by us."
    )
    issuer: str = Field(DEVELOPMENT_ISSUER, description="The `iss` of bearer tokens that are accepted.")
    audience: str = Field("portcullis", description="The `aud` that bearer tokens must name.")
    cursor_key: SecretStr = Field(SecretStr(DEVELOPMENT_KEY), description="Key that seals pagination cursors.")
    vault_key: SecretStr = Field(SecretStr(DEVELOPMENT_KEY), description="Key that encrypts the vault's keys.")

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise _refused(error) from None

    @field_validator("home", "tools")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @property
    def run_folder(self) -> Path:
        return self.home / "run"

    @property
    def logs_folder(self) -> Path:
        return self.home / "logs"

    @property
    def opa_socket(self) -> Path:
        return socket_folder(self.run_folder) / "opa.sock"

    @property
    def policy_deadline_s(self) -> float:
        """Short where a machine is dedicated to it; patient where editors and browsers share two cores with OPA."""
        usual = 250 if self.profile is Profile.PRODUCTION else 1000
        return (self.policy_deadline_ms or usual) / 1000

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


def payments_settings() -> payments.PaymentsSettings:
    """The payment provider's part of the same environment. Raises `SettingsError`."""
    try:
        return payments.PaymentsSettings()
    except ValidationError as error:
        raise _refused(error) from None


def production_faults(settings: Settings, *, database_superuser: bool) -> list[str]:
    """Why the production profile must not start; empty when it may, and in every other profile."""
    if settings.profile is not Profile.PRODUCTION:
        return []
    faults = []
    for name, value in secrets_of(settings).items():
        if value.get_secret_value() == DEVELOPMENT_KEY:
            faults.append(f"{variable(name)} still has the development key.")
        elif name in _KEYS and len(value.get_secret_value()) < SHORTEST_KEY:
            faults.append(f"{variable(name)} needs at least {SHORTEST_KEY} characters.")
    if settings.issuer == DEVELOPMENT_ISSUER:
        faults.append(f"{variable('issuer')} still names the development issuer.")
    if database_superuser:
        faults.append("The database role of the gateway or the worker is a superuser or bypasses row-level security.")
    return faults


def secrets_of(settings: Settings) -> dict[str, SecretStr]:
    return {name: value for name, value in settings if isinstance(value, SecretStr)}


def variable(name: str) -> str:
    return f"PORTCULLIS_{name.upper()}"


def listed(*every: BaseSettings) -> list[dict[str, Any]]:
    """Each setting once, with its default, value and purpose; a secret only says whether it is set."""
    rows: dict[str, dict[str, Any]] = {}
    for settings in every:
        for name, field in type(settings).model_fields.items():
            default, value = field.get_default(call_default_factory=True, validated_data={}), getattr(settings, name)
            row = {
                "name": variable(name),
                "default": _shown(default),
                "value": _shown(value),
                "changed": value != default,
                "purpose": field.description,
            }
            rows.setdefault(name, row)
    return list(rows.values())


def _refused(error: ValidationError) -> SettingsError:
    return SettingsError("\n".join(_fault(details) for details in error.errors()))


def _fault(details: ErrorDetails) -> str:
    if not details["loc"]:  # of several settings together, which the message names
        return f"{details['msg']}."
    name = str(details["loc"][0])
    shown = "its value" if "url" in name or "key" in name else repr(details["input"])
    return f"{variable(name)}: {details['msg']}; {shown} is refused."


def _shown(value: object) -> str | float | None:
    match value:
        case None | int() | float():
            return value
        case SecretStr():
            return "(development key)" if value.get_secret_value() in _DEVELOPMENT_KEYS else "(secret)"
        case _:
            return str(value)
