"""Settings of the payment provider, for its client and for the sandbox alike."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_KEY = "sandbox-development-key"
DEVELOPMENT_WEBHOOK_SECRET = "sandbox-development-webhook-secret"  # noqa: S105 -- refused in production


def default_home() -> Path:
    """The same rule as for every process: beside the source, else in the current folder."""
    source = Path(__file__).resolve().parents[2]
    return (source if (source / "pyproject.toml").is_file() else Path.cwd()) / ".portcullis"


class PaymentsSettings(BaseSettings):
    """Read from the environment as PORTCULLIS_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="PORTCULLIS_", env_ignore_empty=True, extra="ignore", frozen=True)

    profile: str = Field("development", description="development, test or production.")
    home: Path = Field(default_factory=default_home, description="Folder of the sandbox's payments.db.")
    payments_url: str = Field(
        "http://127.0.0.1:8085", description="The payment provider, and where the sandbox listens."
    )
    payments_key: SecretStr = Field(SecretStr(DEVELOPMENT_KEY), description="Bearer key of the payment provider.")
    payments_timeout: float = Field(5.0, gt=0, le=60, description="Seconds until a payment call counts as unknown.")
    payments_hang: float = Field(30.0, ge=0, le=30, description="Seconds that the sandbox's hanging methods hang.")
    payments_webhook_url: str | None = Field(None, description="Where the sandbox sends its webhooks; unset: nowhere.")
    payments_webhook_secret: SecretStr = Field(
        SecretStr(DEVELOPMENT_WEBHOOK_SECRET), description="Key that signs the sandbox's webhooks."
    )

    @model_validator(mode="after")
    def _refuse_development_secrets_in_production(self) -> Self:
        secrets = (self.payments_key, self.payments_webhook_secret)
        development = {DEVELOPMENT_KEY, DEVELOPMENT_WEBHOOK_SECRET, ""}
        if self.is_production and any(s.get_secret_value() in development for s in secrets):
            message = "production needs PORTCULLIS_PAYMENTS_KEY and _WEBHOOK_SECRET of its own"
            raise ValueError(message)
        return self

    @property
    def is_production(self) -> bool:
        return self.profile == "production"

    @property
    def address(self) -> tuple[str, int]:
        """Where the sandbox listens: host and port of the URL that its clients use."""
        parts = urlsplit(self.payments_url)
        if parts.scheme != "http" or parts.hostname is None:
            message = f"the sandbox speaks plain http and cannot serve {self.payments_url}"
            raise ValueError(message)
        return parts.hostname, 80 if parts.port is None else parts.port
