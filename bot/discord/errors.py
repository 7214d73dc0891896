"""From any failure to one calm sentence for the user, and to the log with an id that it names."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.discord.language import mark, say
from bot.discord.rendering.notices import declined_page, failed_page
from bot.discord.rendering.page import Page
from store.errors import StoreError

log = logging.getLogger(__name__)

UNKNOWN_MESSAGE, UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK = 10008, 10062, 10015
INVALID_TOKEN, THREAD_NOT_STARTED = 50027, 40058
GONE = {UNKNOWN_MESSAGE, UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, INVALID_TOKEN}
"""Codes of Discord for a message or an interaction that can't be answered any more."""


class Declined(Exception):  # noqa: N818 - nothing went wrong
    """What was asked is not done; the message says why, in words for the user."""


def page_for(error: BaseException, log_id: str) -> Page:
    """What the user is shown.

    Categories, in order: what we decline; commands used where or by whom they may not; what
    Discord refuses; the store; everything else.
    """
    cause = _cause(error)
    if isinstance(cause, Declined):
        return declined_page(str(cause))
    if isinstance(cause, app_commands.AppCommandError):
        return declined_page(_about_command(cause))
    told = say("If it stays so, tell my operator: {log_id}.", log_id=log_id)
    return failed_page(f"{_about_failure(cause)} {told}")


def note(error: BaseException, what: str) -> str:
    """Log an error, in full where it is not expected; gives the id that the user is shown."""
    cause = _cause(error)
    log_id = secrets.token_hex(3)
    if isinstance(cause, Declined | app_commands.AppCommandError):
        log.info("%s: %s declined: %s", log_id, what, type(cause).__name__)
    elif isinstance(cause, discord.HTTPException):
        log.warning("%s: %s: Discord answered %s (code %s)", log_id, what, cause.status, cause.code)
    elif isinstance(cause, aiohttp.ClientError):
        log.warning("%s: %s: the connection failed (%s)", log_id, what, type(cause).__name__)
    else:
        log.error("%s: %s failed", log_id, what, exc_info=cause)
    return log_id


async def report(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Log an interaction's failure and tell only the one who caused it."""
    name = interaction.command.name if interaction.command else "a button"
    page = page_for(error, note(error, f"interaction {interaction.id} ({name})"))
    with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
        if interaction.response.is_done():
            await interaction.followup.send(view=page.layout(), ephemeral=True)
        else:
            await interaction.response.send_message(view=page.layout(), ephemeral=True)


@asynccontextmanager
async def carefully(interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """Report what fails inside, which the library would only log; speak the user's language."""
    try:
        interaction.client.speaking.to(interaction)
        yield
    except Exception as error:
        await report(interaction, error)


def missing_permission(*names: str) -> str:
    """The sentence that says which permissions are lacking; names are discord.py's."""
    return say(
        "I lack the permission {permissions} there. An administrator can grant it.",
        permissions=quoted_permissions(names),
    )


def quoted_permissions(names: Iterable[str]) -> str:
    """Permissions by discord.py's names, as Discord shows them."""
    return ", ".join(say("“{name}”", name=say(_PERMISSIONS.get(name, name))) for name in names)


_PERMISSIONS = {
    "view_channel": mark("View Channels"),
    "send_messages": mark("Send Messages"),
    "send_messages_in_threads": mark("Send Messages in Threads"),
    "read_message_history": mark("Read Message History"),
    "attach_files": mark("Attach Files"),
    "manage_guild": mark("Manage Server"),
}


def _cause(error: BaseException) -> BaseException:
    """The error that a command wrapped."""
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    if isinstance(error, app_commands.TransformerError) and isinstance(error.__cause__, Declined):
        return error.__cause__
    return error


def _about_command(error: app_commands.AppCommandError) -> str:
    if isinstance(error, app_commands.MissingPermissions):
        return say(
            "This needs the permission {permissions}, which you don't have here.",
            permissions=quoted_permissions(error.missing_permissions),
        )
    if isinstance(error, app_commands.BotMissingPermissions):
        return missing_permission(*error.missing_permissions)
    if isinstance(error, app_commands.NoPrivateMessage):
        return say("This works only in a server.")
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return say("This command has changed. Restart Discord (Ctrl-R) and try it again.")
    return say("This can't be done here.")


def _about_failure(error: BaseException) -> str:
    if isinstance(error, discord.Forbidden):
        return say("Discord does not let me do that here: a permission is missing.")
    if isinstance(error, discord.HTTPException) and error.code in GONE:
        return say("What I was to answer is gone.")
    if isinstance(error, discord.HTTPException | aiohttp.ClientError | OSError):
        return say("Discord can't be reached well at the moment. Please try again in a minute.")
    if isinstance(error, StoreError):
        return say("My documents can't be read at the moment. Please try again in a minute.")
    return say("Something went wrong on my side; it is not your question. Please try again.")
