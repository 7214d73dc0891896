"""Going live: logging, signals, and plain words for what prevents it."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

import aiohttp
import discord

from bot.answering.engine import AnswerEngine
from bot.discord.client import TumenBot
from bot.discord.library import Library, open_library
from bot.errors import UsageError
from store.store import Store

log = logging.getLogger(__name__)

PORTAL = "https://discord.com/developers/applications"
BAD_TOKEN = (
    "Discord does not accept the DISCORD_TOKEN. Copy the bot's token anew from "
    f"{PORTAL} (Bot → Reset Token) into .env."
)
AUTHENTICATION_FAILED = 4004
"""The gateway's close code for a token that was reset while the bot ran."""


def go_live(token: str, engine: AnswerEngine, store: Store) -> None:
    """Run the bot until it is told to go; raises :class:`UsageError` if it can't begin."""
    set_up_logging()
    with open_library(store) as library:
        _go_live(token, engine, library)


def _go_live(token: str, engine: AnswerEngine, library: Library) -> None:
    try:
        try:
            asyncio.run(_run(token, TumenBot(engine, library)))
        except discord.PrivilegedIntentsRequired:
            log.warning(
                "The “Message Content” intent is off, so these are off: channels with auto-answer, "
                "and replies that don't mention me. Commands, menus, mentions and private "
                "messages work. It can be turned on at %s (Bot → Privileged Gateway Intents).",
                PORTAL,
            )
            asyncio.run(_run(token, TumenBot(engine, library, message_content=False)))
    except discord.LoginFailure as error:
        raise UsageError(BAD_TOKEN) from error
    except discord.ConnectionClosed as error:
        if error.code != AUTHENTICATION_FAILED:
            raise
        raise UsageError(BAD_TOKEN) from error
    except (aiohttp.ClientError, discord.GatewayNotFound, discord.DiscordServerError) as error:
        raise UsageError(
            "Discord can't be reached. Check the network and try again; "
            f"https://discordstatus.com tells if it is Discord. ({type(error).__name__})"
        ) from error


def set_up_logging() -> None:
    """One line an event on standard error; the library's own only where it warns."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name, level in (("bot.discord", logging.INFO), ("discord", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.handlers = [handler]
        logger.propagate = False
    # We don't speak; that this is impossible is no news.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


async def _run(token: str, bot: TumenBot) -> None:
    leaving: list[asyncio.Task[None]] = []

    def leave() -> None:
        if not leaving:
            leaving.append(asyncio.ensure_future(bot.leave()))

    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, leave)
    async with bot:
        await bot.start(token)
    if leaving:
        await leaving[0]
