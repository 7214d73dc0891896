"""The YAML block at the head of a text file: who says it and when, and on which sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml
from frontmatter.default_handlers import YAMLHandler

from ingest.formats.metadata import iso_date, language_code, one_line, web_address
from ingest.parsed import RefusedError
from store.model import Metadata, Source

_KEY = re.compile(r"\s*(?:#.*\n\s*)*[\"']?[\w-]+[\"']?\s*:(\s|$)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The values of a front matter block, keys in lower case; strings, lists and mappings only."""

    values: Mapping[str, object] = field(default_factory=dict)

    def metadata(self, title: str) -> Metadata:
        """The document's metadata; ``title`` is used where the block has none."""
        return Metadata(
            title=one_line(self._first("title")) or title,
            publisher=one_line(self._first("publisher", "source", "site", "sitename")),
            author=one_line(self._first("author", "authors")),
            published=iso_date(self._first("published", "published_at", "date", "pubdate")),
            as_of=iso_date(self._first("as_of")),
            language=language_code(self._first("language", "lang")),
            kind=one_line(self._first("kind")),
            url=web_address(self._first("url", "link", "canonical")),
        )

    def sources(self) -> dict[str, tuple[Source, ...]]:
        """The sources that each fact identifier rests on, in the order of the block."""
        found: dict[str, list[Source]] = {}
        entries = self.values.get("sources")
        for entry in entries if isinstance(entries, list) else []:
            if not isinstance(entry, dict):
                continue
            source = Source(
                publisher=one_line(entry.get("publisher")) or "",
                url=web_address(entry.get("url")) or "",
                published=iso_date(entry.get("published")) or "",
                kind=one_line(entry.get("kind")) or "",
            )
            facts = entry.get("facts")
            for fact in facts if isinstance(facts, list) else [facts]:
                if isinstance(fact, str) and fact.strip():
                    found.setdefault(fact.strip(), []).append(source)
        return {fact: tuple(dict.fromkeys(sources)) for fact, sources in found.items()}

    def _first(self, *keys: str) -> object:
        """The first value under these keys that is more than empty."""
        return next((v for key in keys if one_line(v := self.values.get(key))), None)


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """Take the front matter off a text, if there is any, and return both.

    A file may also begin with a mere rule of dashes; only a block of ``key: value`` lines
    counts. Raises :class:`RefusedError` naming the line if such a block is malformed.
    """
    handler = YAMLHandler()
    start = len(text) - len(text.lstrip())
    opening = handler.FM_BOUNDARY.match(text, start) if handler.FM_BOUNDARY else None
    if opening is None or not _KEY.match(text, opening.end()):
        return FrontMatter(), text
    try:
        block, body = handler.split(text[start:])
    except ValueError:  # no closing line
        return FrontMatter(), text
    try:
        # Plain strings only: YAML would make a boolean of the language "no", and its faster
        # C loader crashes the process on deep nesting.
        values = handler.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = text.count("\n", 0, opening.end()) + mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or "it is nested too deeply"
        where = f"line {line}: {problem}" if line else problem
        raise RefusedError(
            f"Its front matter can't be read ({where}); put the value in quotes, or take the "
            "block between the --- lines out."
        ) from None
    if not isinstance(values, dict):
        return FrontMatter(), text
    return FrontMatter({str(key).strip().lower(): value for key, value in values.items()}), body
