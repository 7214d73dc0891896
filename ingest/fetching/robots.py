"""Whether a site lets programs read a page: robots.txt, as RFC 9309 has it."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from protego import Protego

from ingest.fetching.addresses import join_link
from ingest.fetching.client import PRODUCT
from ingest.parsed import RefusedError

if TYPE_CHECKING:
    from yarl import URL

    from ingest.fetching.client import Client

MAX_BYTES = 512_000
"""What is read of a robots.txt; RFC 9309 (2.5) wants at least 500 KiB."""
REDIRECTS = 5
"""RFC 9309 (2.3.1.2) wants at least as many followed; after them there is no robots.txt."""
_MOVED = (301, 302, 303, 307, 308)


class Robots:
    """The rules of the sites that one fetch comes by, each asked for once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._rules: dict[URL, Protego] = {}

    async def check(self, url: URL) -> None:
        """Raise :class:`RefusedError` if the site keeps programs off this page.

        A site without the file (4xx) allows all; one whose file can't be read (5xx) forbids
        all, and so does one that says that it is asked too much (429).
        """
        rules = self._rules.get(url.origin())
        if rules is None:
            rules = self._rules[url.origin()] = await self._read(url.origin())
        # In a thread: half a megabyte of rules takes a good part of a second.
        if not await asyncio.to_thread(rules.can_fetch, str(url), PRODUCT):
            raise RefusedError(
                "The site asks programs to keep off this page (robots.txt); open it in a browser, "
                "save its text or a PDF, and add that file."
            )

    async def _read(self, origin: URL) -> Protego:
        url = origin / "robots.txt"
        for _ in range(REDIRECTS + 1):
            answer = await self._client.get(url, MAX_BYTES, cut=True)
            target = answer.headers.get("Location")
            if answer.status not in _MOVED or not target:
                break
            try:
                url = join_link(url, target)
            except RefusedError:
                break
        if answer.status >= 500 or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise RefusedError(
                f"The site can't say now what programs may read (robots.txt: {answer.status}), so "
                "Tumen keeps off it; try again later, or save the page and add that file."
            )
        allowing = answer.status != HTTPStatus.OK
        text = "" if allowing else answer.body.decode("utf-8-sig", "replace")
        return await asyncio.to_thread(Protego.parse, text)
