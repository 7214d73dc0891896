"""The commands' texts in Korean, Russian and Chinese."""

from __future__ import annotations

import tomllib
from pathlib import Path

import discord
from discord import app_commands

TRANSLATIONS = Path(__file__).with_name("translations.toml")
LANGUAGES = {
    discord.Locale.korean: "ko",
    discord.Locale.russian: "ru",
    discord.Locale.chinese: "zh",
}


class Translator(app_commands.Translator):
    """Looks texts up in ``translations.toml``, by what they are in English."""

    async def load(self) -> None:
        """Read the file, once."""
        self._texts = read_translations()

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in one of our languages, if it is one."""
        del context
        language = LANGUAGES.get(locale)
        return self._texts.get(string.message, {}).get(language) if language else None


def read_translations() -> dict[str, dict[str, str]]:
    """By English text, the text by language."""
    texts: dict[str, dict[str, str]] = tomllib.loads(TRANSLATIONS.read_text("utf-8"))
    return texts
