"""Documents behind links: fetched from strangers' servers, within limits, or refused.

:func:`fetch` is all that others need. Nothing is written anywhere: what was fetched is handed
back as bytes, and what was not leaves nothing behind.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from aiohttp import hdrs

from ingest.fetching.addresses import (
    canonical,
    is_link,
    join_link,
    read_link,
    site,
    without_tracking,
)
from ingest.fetching.client import Answer, opened_client
from ingest.fetching.contents import charset_of, name_of
from ingest.fetching.guard import Guard
from ingest.fetching.robots import Robots
from ingest.formats.limits import MAX_BYTES
from ingest.parsed import RefusedError

if TYPE_CHECKING:
    from yarl import URL

    from ingest.fetching.client import Client

__all__ = ["Fetched", "Guard", "Limits", "canonical", "fetch", "is_link"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one link may cost.

    ``seconds`` are for all of it: names, robots.txt, every redirect, the whole body.
    ``size`` is in bytes, packed and unpacked.
    """

    seconds: float = 30.0
    size: int = MAX_BYTES
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as a server gave it.

    ``url`` is the address after all redirects, without tracking parameters and fragment: it
    names the document. ``name`` has a suffix that fits the content. ``charset`` is the
    encoding that the server named, if it is a text and can be read in it. ``etag`` and
    ``last_modified`` are what the server wants to hear when it is asked for news.
    """

    url: str
    data: bytes
    name: str
    media_type: str | None
    charset: str | None
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None


_PUBLIC_WEB = Guard()
_LIMITS = Limits()


async def fetch(
    url: str, *, limits: Limits = _LIMITS, guard: Guard = _PUBLIC_WEB, proxy: str | None = None
) -> Fetched:
    """Get the document behind a link that a person gave.

    ``proxy`` is the http(s) address of a proxy to go through; it resolves the names of sites.
    Raises :class:`RefusedError`, with one sentence for that person, and nothing else.
    """
    target = without_tracking(read_link(url))
    try:
        async with asyncio.timeout(limits.seconds), opened_client(guard, proxy) as client:
            answer = await _follow(client, target, limits)
    except TimeoutError:
        raise RefusedError(
            "The site took too long to answer; try again later, or save the page in a browser and "
            "add that file."
        ) from None
    _refuse_status(answer)
    if not answer.body.strip(b"\0 \t\r\n"):
        raise RefusedError("The site answered with an empty page; check the link in a browser.")
    final = without_tracking(answer.url)
    if site(final) == site(target) and final.path == "/" != target.path:
        raise RefusedError(
            "The page is not there any more: its link leads to the site's front page."
        )
    name = name_of(answer)
    return Fetched(
        str(final),
        answer.body,
        name,
        answer.media_type,
        charset_of(answer, name),
        datetime.now(UTC),
        answer.headers.get(hdrs.ETAG),
        answer.headers.get(hdrs.LAST_MODIFIED),
    )


async def _follow(client: Client, url: URL, limits: Limits) -> Answer:
    """The first answer that is no redirect."""
    robots = Robots(client)
    seen = {url}
    for _ in range(limits.redirects + 1):
        await robots.check(url)
        answer = await client.get(url, limits.size)
        location = answer.headers.get(hdrs.LOCATION)
        if answer.status not in (301, 302, 303, 307, 308) or not location:
            return answer
        url = _next(answer.url, location)
        if url in seen:
            raise RefusedError(
                "The link leads in a circle (perhaps the site wants cookies); open it in a "
                "browser, save the page, and add that file."
            )
        seen.add(url)
    raise RefusedError(
        f"The link leads on more than {limits.redirects} times; open it in a browser and give the "
        "link of the page where it ends."
    )


def _next(url: URL, location: str) -> URL:
    try:
        return join_link(url, location)
    except RefusedError:
        raise RefusedError(
            "The link leads on to something that is no web page; open it in a browser and give "
            "the link of the page where it ends."
        ) from None


def _refuse_status(answer: Answer) -> None:
    status = answer.status
    if status in (200, 203):
        return
    if status in (404, 410):
        raise RefusedError("There is no page at this link (any more); check it in a browser.")
    if status == 451:
        raise RefusedError("The site may not show this page, for legal reasons (451).")
    if status in (429, 503):
        raise RefusedError(f"The site is too busy to answer ({status}); try again {_when(answer)}.")
    if status in (401, 402, 403, 407):
        raise RefusedError(
            f"The site does not let Tumen read this page ({status}); open it in a browser, save "
            "its text or a PDF, and add that file."
        )
    if status >= 500:
        raise RefusedError(f"The site has trouble of its own ({status}); try again later.")
    raise RefusedError(
        f"The site answered with something else than a page ({status}); check the link in a "
        "browser."
    )


def _when(answer: Answer) -> str:
    """When the server says to come back, in words; seconds or a date (RFC 9110, 10.2.3)."""
    stated = answer.headers.get(hdrs.RETRY_AFTER, "").strip()
    try:
        if stated.isdecimal():
            seconds = float(stated[:9])
        else:
            seconds = (parsedate_to_datetime(stated) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return "later"
    if not 0 < seconds < 86_400:
        return "later"
    minutes = -(-seconds // 60)
    return "in a minute" if minutes <= 1 else f"in {minutes:.0f} minutes"
