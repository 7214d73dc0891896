"""The language of a text, told by its script."""

from __future__ import annotations

import re

SAMPLE = 20_000
"""Characters that are looked at."""
_SCRIPTS = {
    "ko": re.compile("[\uac00-\ud7af]"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f]"),
}
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_ENGLISH = re.compile(
    r"\b(?:the|and|of|to|in|is|that|for|what|how|who|did|does|was)\b", re.IGNORECASE
)
_WORD_LENGTH = {"ko": 2, "ja": 2, "zh": 1.5, "ru": 6, "latin": 6}
"""Letters to a word, so that a Chinese text with many Latin names still counts as Chinese."""


def detect_language(text: str) -> str | None:
    """The ISO 639-1 code of the language that most words of a text are in, or ``None``.

    Told apart are Korean, Japanese, Chinese, Russian, Ukrainian and English; a text in
    another language of the Latin script gives ``None``.
    """
    sample = text[:SAMPLE]
    words = {
        name: len(pattern.findall(sample)) / _WORD_LENGTH[name]
        for name, pattern in _SCRIPTS.items()
    }
    if words["ja"] > 0.1 * words["zh"] and words["ja"]:
        words["ja"] += words.pop("zh")
    script = max(words, key=words.__getitem__)
    if not words[script]:
        return None
    if script == "ru" and len(_UKRAINIAN.findall(sample)) > 0.02 * words["ru"] * _WORD_LENGTH["ru"]:
        return "uk"
    if script == "latin":
        return "en" if len(_ENGLISH.findall(sample)) > 0.05 * words["latin"] else None
    return script
