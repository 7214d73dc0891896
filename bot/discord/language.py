"""The language in which the bot's own texts appear: English, Korean, Russian or Chinese.

Texts stand in English in the code; `locale/` has a gettext catalogue for each other language.
Which one is spoken is a context variable: discord.py handles every interaction and message in a
task of its own, and what runs in it asks :func:`say`.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

import discord
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from discord import app_commands

ENGLISH = "en"
LANGUAGES = {"en": "English", "ko": "한국어", "ru": "Русский", "zh": "中文"}
"""By code, what those who speak it call it."""
CATALOGUES = Path(__file__).with_name("locale")
COMMAND, FROM_BELOW = "command", "from below"
"""Contexts of the catalogues: what Discord shows of the commands; what other rooms say."""

_LOCALES = {"ko": "ko", "ru": "ru", "zh-CN": "zh", "en-US": "en", "en-GB": "en"}
_YEARS = {"en": "y", "ko": "y년", "ru": "y", "zh": "y年"}
_MONTHS = {"en": "MMM y", "ko": "y년 M월", "ru": "LLL y", "zh": "y年M月"}
_DAYS = {"en": "d MMM y", "ko": "y년 M월 d일", "ru": "d MMM y", "zh": "y年M月d日"}
_ON_CHARTS = {"en": "EEE\nd MMM", "ko": "M/d", "ru": "EEE\ndd.MM", "zh": "M/d"}
"""In letters that the chart's font has, and so few that neighbours do not touch."""
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def speak(language: str) -> None:
    """Use a language, one of :data:`LANGUAGES`, in what follows in this task."""
    _spoken.set(language)


def spoken() -> str:
    """The code of the language that is used."""
    return _spoken.get()


def of_locale(locale: discord.Locale) -> str | None:
    """The language of a locale of Discord's, if it is one of ours."""
    return _LOCALES.get(locale.value)


def say(text: str, **values: object) -> str:
    """A text of ours in the language that is used, its ``{placeholders}`` filled in."""
    return _texts().gettext(text).format(**values)


def say_counted(one: str, other: str, number: int, **values: object) -> str:
    """A text that depends on a number, which stands in it as ``{n}``."""
    text = _texts().ngettext(one, other, number)
    return text.format(n=decimal(number), **values)


def mark(text: str) -> str:
    """The text as it is; says that :func:`say` will be asked for it."""
    return text


def for_record(text: str, **values: object) -> str:
    """A text that the record keeps, in English whoever acts; :func:`retell` shows it."""
    return text.format(**values)


def retell(sentence: str) -> str:
    """A sentence of another room, which knows only English, in the language that is used.

    It is told by its wording; one that is not in the catalogue stays as it is.
    """
    if spoken() == ENGLISH:
        return sentence
    for template in _language(spoken()).templates:
        if found := template.pattern.fullmatch(sentence):
            filled = {name: retell(value) for name, value in found.groupdict().items()}
            return template.translation.format(**filled)
    return sentence


def decimal(number: float, places: int = 0) -> str:
    """A number as it is written in the language that is used."""
    form = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(number, form, locale=spoken())


def written_date(day: date, parts: int = 3) -> str:
    """A date by its year (one part), its month (two) or whole (three)."""
    form = (_YEARS, _MONTHS, _DAYS)[parts - 1][spoken()]
    return format_date(day, form, locale=spoken())


def chart_date(day: date) -> str:
    """A day in few letters, over one line or two."""
    return format_date(day, _ON_CHARTS[spoken()], locale=spoken())


class CommandTexts(app_commands.Translator):
    """What Discord shows of the commands, in the languages of the catalogues."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in one of our languages, if it is one."""
        del context
        language = of_locale(locale)
        if language in (None, ENGLISH):
            return None
        found = _language(language).texts.pgettext(COMMAND, string.message)
        return None if found == string.message else found


def read_catalogue(language: str) -> Catalog:
    """The texts of a language as its translators wrote them."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@dataclass(frozen=True, slots=True)
class _Template:
    """The wording of a sentence from another room, and its translation."""

    pattern: re.Pattern[str]
    translation: str


@dataclass(frozen=True, slots=True)
class _Language:
    texts: NullTranslations
    templates: tuple[_Template, ...] = ()


def _texts() -> NullTranslations:
    return _language(spoken()).texts


@cache
def _language(language: str) -> _Language:
    if language == ENGLISH:
        return _Language(NullTranslations())
    catalogue = read_catalogue(language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    templates = [
        _Template(_pattern(str(message.id)), str(message.string))
        for message in catalogue
        if message.context == FROM_BELOW
    ]
    # The longest first: a short one may be the beginning of what a placeholder takes.
    templates.sort(key=lambda template: -len(template.pattern.pattern))
    return _Language(GNUTranslations(compiled), tuple(templates))


def _pattern(wording: str) -> re.Pattern[str]:
    return re.compile(_PLACEHOLDER.sub(r"(?P<\1>.+?)", re.escape(wording)), re.DOTALL)
