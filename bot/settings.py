"""Every setting, read from the environment or from `.env`; nothing else reads either."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from platformdirs import user_cache_path
from pydantic import AnyHttpUrl, BeforeValidator, Field, Secret, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.answering.evidence import THRESHOLD
from store.embedding import BUNDLED_MODEL

CHECKOUT = Path(__file__).resolve().parent.parent
STARTER_CORPUS = CHECKOUT / "corpus"
QUESTION_SET = CHECKOUT / "tests" / "quality" / "questions.jsonl"


class Settings(BaseSettings):
    """What can be set. A variable's name is the field's in capitals."""

    model_config = SettingsConfigDict(env_file=CHECKOUT / ".env", extra="ignore", frozen=True)

    tumen_home: Path = Field(
        CHECKOUT / ".tumen", description="The folder that holds all state of one corpus."
    )
    embedding_model: str = Field(
        BUNDLED_MODEL,
        min_length=1,
        description="Name or path of a sentence-transformers model; the default needs no download.",
    )
    tumen_cache: Path = Field(
        default_factory=lambda: user_cache_path("tumen"),
        description="Where the default model's ONNX export is kept. Can be deleted at any time.",
    )
    abstain_below: float = Field(
        THRESHOLD,
        ge=0,
        le=1,
        description="The confidence below which the answer is that the corpus does not say; "
        "`tumen eval` prints what each value costs.",
    )
    publishers_file: Path | None = Field(
        None,
        description="Your own table of publishers (TOML), in the form of store/publishers.toml.",
    )
    ray_address: str | None = Field(
        None,
        description="The Ray cluster for `tumen ingest --ray`; without it, one starts here.",
    )
    discord_token: SecretStr | None = Field(
        None, description="The bot's token. With it, `make run` starts the Discord bot."
    )
    tumen_proxy: Annotated[Secret[AnyHttpUrl] | None, BeforeValidator(lambda v: v or None)] = Field(
        None,
        description="An http(s) proxy through which links are fetched. It then resolves the "
        "names of sites, so it must be one that does not reach inner networks.",
    )
    llm: str | None = Field(
        None,
        description="The chat model that answers, as provider:name (openai:…, anthropic:…, "
        "ollama:…). More names behind commas are those that a server's admins may choose.",
    )
    llm_base_url: str | None = Field(
        None, description="The address of the first model's server, if it is not the provider's."
    )
    llm_api_key: SecretStr | None = Field(
        None,
        description="The key for the first model's provider. Without it, and for the others, the "
        "provider's own variable counts.",
    )
    llm_timeout: float = Field(
        60, gt=0, le=600, description="Seconds that one call of the model may take."
    )
    llm_max_tokens: int = Field(
        700, ge=50, le=8_000, description="Tokens that the model may write for one answer."
    )
    llm_daily_tokens: int = Field(
        500_000,
        ge=0,
        description="Tokens that one server may use a day, read and written; then answers are "
        "quotes.",
    )
    llm_price_in: float | None = Field(
        None, ge=0, description="Dollars for a million tokens read, so that answers show the cost."
    )
    llm_price_out: float | None = Field(
        None, ge=0, description="Dollars for a million tokens written."
    )

    @field_validator("llm", "llm_base_url", "ray_address", mode="before")
    @classmethod
    def _blank_is_none(cls, value: str | None) -> str | None:
        return (value or "").strip() or None

    @field_validator("llm")
    @classmethod
    def _names_providers(cls, value: str | None) -> str | None:
        for name in (value or "").split(",") if value else ():
            provider, colon, model = name.strip().partition(":")
            if not (colon and provider and model.strip()):
                raise ValueError(
                    f"“{name.strip()}” is not provider:name, such as openai:gpt-5-mini"
                )
        return value

    @property
    def llm_names(self) -> tuple[str, ...]:
        """The named models, the first of them the usual one."""
        return tuple(name.strip() for name in (self.llm or "").split(",") if name.strip())

    @property
    def proxy_address(self) -> str | None:
        """The proxy's address, with its password if it has one; ``None`` without a proxy."""
        return str(self.tumen_proxy.get_secret_value()) if self.tumen_proxy else None
