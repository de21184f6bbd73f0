"""Settings: defaults < .env < secret files < environment. An empty variable counts as unset.

Only doors call :func:`load_settings`; everything else is handed a :class:`Settings`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from avatar_core.errors import SettingsBroken

DEFAULT_MODEL = "gpt-image-2.5-flare"
DEMO_MODEL = "demo"
OPENAI_URL = "https://api.openai.com/v1"


class Settings(BaseSettings):
    """Everything that is configured from outside. Field names are the environment variables in lower case."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    openai_api_key: SecretStr | None = Field(
        None, description="The key of the image API. Never shown, stored or logged."
    )
    openai_api_key_file: Path | None = Field(
        None, description="A file that holds the key, such as a Docker secret."
    )
    openai_base_url: str = Field(
        OPENAI_URL, description="The API to speak to: OpenAI or any compatible server."
    )
    azure_openai_endpoint: str | None = Field(
        None,
        description="Azure OpenAI's address, such as https://NAME.openai.azure.com, for azure:DEPLOYMENT.",
    )
    azure_openai_api_key: SecretStr | None = Field(
        None, description="The key of that Azure resource. Never shown, stored or logged."
    )
    openai_api_version: str = Field(
        "2025-04-01-preview", description="The version of Azure's API to speak; other servers have none."
    )
    avatar_model: str | None = Field(
        None, description="The model chosen at first: demo without a key, else " + DEFAULT_MODEL + "."
    )
    avatar_data_dir: Path = Field(Path("avatar-data"), description="The folder for database and pictures.")
    avatar_database_url: str | None = Field(
        None, description="SQLAlchemy URL of another database, SQLite or PostgreSQL."
    )
    avatar_storage_url: str | None = Field(
        None, description="fsspec URL of another place for pictures, such as s3://bucket/avatars."
    )
    avatar_daily_budget: Decimal | None = Field(None, ge=0, description="Most USD to spend in 24 hours.")
    avatar_requests_per_minute: Annotated[
        int,
        Field(
            ge=1, le=100_000, description="Most requests to the image API in a minute, over all processes."
        ),
    ] = 5
    avatar_attempts: Annotated[
        int, Field(ge=1, le=10, description="Most tries of one picture when the server is busy or failing.")
    ] = 3
    avatar_timeout: Annotated[float, Field(gt=0, le=3600, description="Seconds to wait for a picture.")] = (
        300.0
    )
    avatar_service_tokens_file: Path | None = Field(
        None, description="The image service's hashed access tokens."
    )

    avatar_serving_file: Path | None = Field(
        None, description="A file in place of data/serving.toml: which model draws what the service serves."
    )
    avatar_service_timeout: Annotated[
        float, Field(gt=0, le=3600, description="Seconds for which the service lets a program wait.")
    ] = 120.0
    avatar_service_open_orders: Annotated[
        int, Field(ge=1, le=100_000, description="Most orders that the service has under way at once.")
    ] = 300
    avatar_service_hosts: str | None = Field(
        None, description="Further names, with commas between, by which the service may be called."
    )
    avatar_service_audit_prompts: bool = Field(
        False, description="Whether the service's audit log holds whole prompts, and not only their hash."
    )
    avatar_service_without_tokens: str | None = Field(
        None,
        description="yes-anyone-may-spend-my-money lets the service start without tokens on any address.",
    )
    avatar_service_drain: Annotated[
        int, Field(ge=0, le=3600, description="Seconds to finish what is running when the service stops.")
    ] = 30

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """First come, first served: a mounted secret goes before a .env file that was left lying about."""
        return init_settings, env_settings, file_secret_settings, dotenv_settings

    @field_validator("openai_base_url", "azure_openai_endpoint")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @property
    def key_configured(self) -> bool:
        return bool(self.key())

    def key(self) -> str:
        """The API key, or an empty string. For the adapter that talks to the provider, and for nobody else."""
        if self.openai_api_key is not None and self.openai_api_key.get_secret_value().strip():
            return self.openai_api_key.get_secret_value().strip()
        if self.openai_api_key_file is not None:
            try:
                return self.openai_api_key_file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsBroken(
                    f"OPENAI_API_KEY_FILE cannot be read ({type(error).__name__}). Name a text file that holds the key."
                ) from None
        return ""

    def azure_key(self) -> str:
        """Azure's API key, or an empty string. For the adapter that talks to Azure, and for nobody else."""
        return self.azure_openai_api_key.get_secret_value().strip() if self.azure_openai_api_key else ""

    @property
    def server_usable(self) -> bool:
        """Whether any image server can be asked: with a key, or one of the user's own that may need none."""
        return self.usable_for("openai") or self.usable_for("azure")

    def usable_for(self, dialect: str) -> bool:
        """Whether a model of this dialect can be asked; False where a key or an address is missing."""
        if dialect == "demo":
            return True
        if dialect == "azure":
            return bool(self.azure_openai_endpoint and self.azure_key())
        host = urlsplit(self.openai_base_url).hostname or ""
        return self.key_configured or not (host == "openai.com" or host.endswith(".openai.com"))

    @property
    def default_model(self) -> str:
        if self.avatar_model:
            return self.avatar_model
        return DEFAULT_MODEL if self.key_configured else DEMO_MODEL

    @property
    def database_url(self) -> str:
        return self.avatar_database_url or f"sqlite:///{self.avatar_data_dir.absolute() / 'catalog.sqlite'}"

    @property
    def server_shown(self) -> str:
        """The server's address for people to read: a name or password in it stays hidden."""
        return _without_password(self.openai_base_url)

    @property
    def azure_shown(self) -> str:
        """The Azure resource's address for people to read, or an empty string."""
        return _without_password(self.azure_openai_endpoint or "")

    @property
    def database_shown(self) -> str:
        """The database's address for people to read: a name or password in it stays hidden."""
        return _without_password(self.database_url)

    @property
    def storage_url(self) -> str:
        return self.avatar_storage_url or str(self.avatar_data_dir.absolute() / "blobs")


def _without_password(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)


def load_settings() -> Settings:
    """Read the settings of this process.

    Raises:
        SettingsBroken: a variable cannot be used; the message names it and never repeats its value.
    """
    secrets = Path("/run/secrets")
    try:
        return Settings(_secrets_dir=secrets if secrets.is_dir() else None)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()} {e['msg']}" for e in error.errors())
        raise SettingsBroken(f"Settings cannot be used: {problems}. Correct them and start again.") from None
