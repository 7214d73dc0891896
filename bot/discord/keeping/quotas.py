"""How much a server may add within a day."""

from __future__ import annotations

import asyncio

from bot.discord.errors import Declined
from bot.discord.language import decimal, say
from bot.discord.library import Library
from store.model import BASE_SCOPE
from store.servers import MEGABYTE


async def check_quotas(library: Library, scope: str, size: int) -> None:
    """Raise :class:`Declined` where one more document of ``size`` bytes is too much today.

    What is being added at the moment counts as well. The base corpus has no quota.
    """
    if scope == BASE_SCOPE:
        return
    settings = await library.settings(int(scope))
    used = await asyncio.to_thread(library.servers.used, scope)
    adding = await asyncio.to_thread(library.drafts.being_added, scope)
    documents, bytes_used = used.documents + adding.documents, used.bytes + adding.bytes
    if documents >= settings.documents_a_day:
        raise Declined(
            say(
                "This server's quota of documents a day ({number}) is used up. Try again tomorrow, "
                "or ask who manages the server for more (/setup).",
                number=decimal(settings.documents_a_day),
            )
        )
    if bytes_used + size > settings.megabytes_a_day * MEGABYTE:
        left = max(0, settings.megabytes_a_day * MEGABYTE - bytes_used) / MEGABYTE
        raise Declined(
            say(
                "Of this server's {most} MB a day {left} MB are left, and this is {size} MB. Try "
                "again tomorrow, or ask who manages the server for more (/setup).",
                most=decimal(settings.megabytes_a_day),
                left=decimal(left, 1),
                size=decimal(size / MEGABYTE, 1),
            )
        )
