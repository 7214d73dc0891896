"""Who may do what in a server, and what the bot itself needs there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.discord.errors import Declined, quoted_permissions
from bot.discord.language import mark, say
from store.model import BASE_SCOPE
from store.servers import ServerSettings

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

Interaction = discord.Interaction[Any]
Channel = discord.abc.GuildChannel | discord.Thread

TO_ANSWER = ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history")
TO_SHOW_CHARTS = ("attach_files",)

NO_MEMBER = mark("I must be a member of this server for that.")


def invite_link(application_id: int) -> str:
    """The address that invites the bot with all that it needs and nothing more."""
    wanted = dict.fromkeys((*TO_ANSWER, *TO_SHOW_CHARTS), True)
    return discord.utils.oauth_url(
        application_id,
        permissions=discord.Permissions(**wanted),
        scopes=("bot", "applications.commands"),
    )


def lacking(channel: discord.abc.GuildChannel, names: tuple[str, ...] = TO_ANSWER) -> list[str]:
    """The permissions, of those named, that the bot has not in a channel."""
    have = channel.permissions_for(channel.guild.me)
    return [name for name in names if not getattr(have, name)]


def manages(interaction: Interaction) -> bool:
    """Whether who acts has Manage Server, now."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


def managed_guild(bot: TumenBot, interaction: Interaction) -> discord.Guild:
    """The server that who acts may manage; raises :class:`Declined`."""
    guild = bot.get_guild(interaction.guild_id) if interaction.guild_id else None
    if guild is None:
        raise Declined(say(NO_MEMBER))
    if not manages(interaction):
        raise Declined(
            say(
                "This needs the permission {permissions}, which you don't have here.",
                permissions=quoted_permissions(("manage_guild",)),
            )
        )
    return guild


def may_add(
    user: discord.User | discord.Member, settings: ServerSettings, *, manager: bool
) -> bool:
    """Whether somebody, who is a ``manager`` or not, may add to a server's library, now."""
    if manager:
        return True
    if not isinstance(user, discord.Member):
        return False
    have = {role.id for role in user.roles}  # @everyone among them
    return not have.isdisjoint(settings.add_roles)


async def keeps_library(bot: TumenBot, asked: Interaction | discord.Message) -> bool:
    """Whether who acts, or who wrote a message, may add to the library of that server."""
    guild = bot.get_guild(asked.guild.id) if asked.guild else None
    if guild is None:
        return False
    settings = await bot.library.settings(guild.id)
    if isinstance(asked, discord.Message):
        author = asked.author
        manager = isinstance(author, discord.Member) and author.guild_permissions.manage_guild
        return may_add(author, settings, manager=manager)
    return may_add(asked.user, settings, manager=manages(asked))


async def kept_scope(bot: TumenBot, interaction: Interaction) -> str:
    """The scope whose documents who acts may add and change; raises :class:`Declined`.

    In a server it is the server's, for those allowed. In a private conversation it is the base
    corpus, for the bot's operator alone.
    """
    if interaction.guild_id is None:
        if await bot.is_owner(interaction.user):
            return BASE_SCOPE
        raise Declined(
            say("Only my operator adds to the base corpus. In a server, use /add there.")
        )
    if bot.get_guild(interaction.guild_id) is None:
        raise Declined(say(NO_MEMBER))
    settings = await bot.library.settings(interaction.guild_id)
    if not may_add(interaction.user, settings, manager=manages(interaction)):
        raise Declined(
            say(
                "You can't change this server's library. Those with {permission} can, and the "
                "roles that they choose with /setup.",
                permission=quoted_permissions(("manage_guild",)),
            )
        )
    return str(interaction.guild_id)


async def answered_elsewhere(bot: TumenBot, guild_id: int, channel: object) -> str | None:
    """Where the bot answers, if not in this channel, its threads and its posts: a sentence.

    Channels that were deleted count not; with none left, it answers everywhere.
    """
    chosen = (await bot.library.settings(guild_id)).answer_channels
    guild = bot.get_guild(guild_id)
    allowed = [one for one in chosen if guild and guild.get_channel(one)]
    places = {getattr(channel, "id", None), getattr(channel, "parent_id", None)}
    if not allowed or not places.isdisjoint(allowed):
        return None
    named = ", ".join(f"<#{one}>" for one in allowed[:10])
    return say("In this server I answer in {channels}.", channels=named)
