"""The day on which a web page says that it was published.

Read here rather than by htmldate, trafilatura's helper: on seventeen small pages it took the
date of a body sentence, of an image's address and of a reader's comment for the publication,
and completed a bare month with today's day. A wrong date is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.formats.metadata import first_full_date, iso_date, one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META_NAMES = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "article:published", "article.published", "pubdate", "publishdate", "publish_date",
    "publish-date", "publication_date", "parsely-pub-date", "sailthru.date", "dc.date.issued",
    "dcterms.issued", "dcterms.date", "dc.date", "dcterms.created", "dc.date.created",
    "citation_publication_date", "citation_online_date", "citation_date", "date",
)  # fmt: skip
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)([/-])(\d\d)(?:\2(\d\d))?(?=[/_.-]|$)")
# Where the dates of other things stand.
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|sidebar|footer|updated?|modified)", re.IGNORECASE
)
_BYLINE = (
    "//*[contains(@class,'date') or contains(@class,'Date') or contains(@class,'byline')"
    " or contains(@class,'publish') or contains(@class,'posted') or contains(@id,'date')"
    " or contains(@class,'timestamp')]"
)
_LONGEST_BYLINE = 120
_MOST_CANDIDATES = 200
_LATER = re.compile(r"updated|modified|edited|수정|更新|修订|обновлен", re.IGNORECASE)


def publication_date(tree: HtmlElement, address: str | None) -> str | None:
    """The stated date of publication, possibly partial; ``None`` if the page states none.

    ``address`` is the page's own address, whose path often names the day.
    """
    for candidate in (
        *_json_dates(tree),
        *_meta_dates(tree),
        *_marked_dates(tree),
        *_bylines(tree),
        _date_in_address(address),
    ):
        if candidate and candidate != "1970-01-01":  # an empty field of a database
            return candidate
    return None


def _json_dates(tree: HtmlElement) -> Iterator[str | None]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        match = _JSON_DATE.search(script.text or "")
        if match:
            yield iso_date(match[1])


def _meta_dates(tree: HtmlElement) -> Iterator[str | None]:
    stated: dict[str, str] = {}
    for meta in tree.iterfind(".//meta[@content]"):
        for attribute in ("property", "name", "itemprop"):
            key = (meta.get(attribute) or "").strip().lower()
            stated.setdefault(key, meta.get("content") or "")
    for name in _META_NAMES:
        if name in stated:
            yield iso_date(stated[name])


def _marked_dates(tree: HtmlElement) -> Iterator[str | None]:
    for element in tree.iterfind(".//*[@itemprop='datePublished']"):
        yield iso_date(element.get("datetime") or element.get("content") or _text(element))
    times = tree.xpath("//time[@pubdate] | //article//time | //main//time | //header//time")
    for element in times[:_MOST_CANDIDATES]:
        if not _stands_elsewhere(element):
            stated = element.get("datetime")
            yield iso_date(stated) if stated else first_full_date(_text(element))


def _bylines(tree: HtmlElement) -> Iterator[str | None]:
    for element in tree.xpath(_BYLINE)[:_MOST_CANDIDATES]:
        text = _text(element)
        if text and len(text) <= _LONGEST_BYLINE and not _stands_elsewhere(element):
            later = _LATER.search(text)
            yield first_full_date(text[: later.start()] if later else text)


def _date_in_address(address: str | None) -> str | None:
    match = _IN_ADDRESS.search(address or "")
    return iso_date("-".join(filter(None, (match[1], match[3], match[4])))) if match else None


def _stands_elsewhere(element: HtmlElement) -> bool:
    for node in (element, *element.iterancestors()):
        if node.tag in ("aside", "footer", "nav"):
            return True
        if node.tag not in ("html", "body") and _ELSEWHERE.search(
            f"{node.get('class') or ''} {node.get('id') or ''}"
        ):
            return True
    return False


def _text(element: HtmlElement) -> str:
    return one_line("".join(element.itertext())) or ""
