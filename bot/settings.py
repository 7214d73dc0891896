"""Every setting, read from the environment or from `.env`; nothing else reads either."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from platformdirs import user_cache_path
from pydantic import AnyHttpUrl, BeforeValidator, Field, Secret, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    publishers_file: Path | None = Field(
        None,
        description="Your own table of publishers (TOML), in the form of store/publishers.toml.",
    )
    discord_token: SecretStr | None = Field(
        None, description="The bot's token. With it, `make run` starts the Discord bot."
    )
    tumen_proxy: Annotated[Secret[AnyHttpUrl] | None, BeforeValidator(lambda v: v or None)] = Field(
        None,
        description="An http(s) proxy through which links are fetched. It then resolves the "
        "names of sites, so it must be one that does not reach inner networks.",
    )

    @property
    def proxy_address(self) -> str | None:
        """The proxy's address, with its password if it has one; ``None`` without a proxy."""
        return str(self.tumen_proxy.get_secret_value()) if self.tumen_proxy else None
