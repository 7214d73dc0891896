"""`/doctor`: intents, permissions, commands, model and indexes, each fault with its remedy."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import discord

from bot.discord.errors import note, quoted_permissions
from bot.discord.keeping.rights import TO_ANSWER, TO_SHOW_CHARTS, lacking
from bot.discord.language import retell, say
from bot.discord.rendering.text import fitted
from bot.discord.sync import fingerprint
from bot.doctor import Finding, look_at_model, look_at_store
from store.errors import StoreError

if TYPE_CHECKING:
    from bot.discord.client import TumenBot

PORTAL = "https://discord.com/developers/applications"
MOST_NAMED = 8
"""Channels named in one finding."""


async def examine(bot: TumenBot, guild: discord.Guild) -> list[Finding]:
    """Look at everything that a server needs, faults first."""
    servers = bot.library.servers
    settings = await bot.library.settings(guild.id)
    auto = await asyncio.to_thread(servers.auto_answer_channels, guild.id)
    found = [
        _intents(bot, wanted=bool(auto)),
        *_server(guild),
        *_channels(guild, {*settings.answer_channels, *auto}),
        await _commands(bot),
        *await _health(bot),
    ]
    return sorted(found, key=lambda finding: finding.healthy)


def _intents(bot: TumenBot, *, wanted: bool) -> Finding:
    if bot.intents.message_content:
        return Finding(healthy=True, what=say("Intent “Message Content”: on"))
    return Finding(
        healthy=not wanted,
        what=say("Intent “Message Content”: off, so I read only messages that mention me"),
        remedy=say(
            "My operator opens the [developer portal]({portal}) → my application → Bot → "
            "Privileged Gateway Intents → turns “Message Content Intent” on, and restarts me. "
            "Until then auto-answer is silent.",
            portal=PORTAL,
        )
        if wanted
        else "",
    )


def _server(guild: discord.Guild) -> Iterator[Finding]:
    """What the bot's roles allow, before channels change it."""
    have = guild.me.guild_permissions
    missing = [name for name in (*TO_ANSWER, *TO_SHOW_CHARTS) if not getattr(have, name)]
    if missing:
        role = guild.self_role
        where = f"“{fitted(role.name, 100)}”" if role else say("my role")
        lacked = quoted_permissions(missing)
        yield Finding(
            healthy=False,
            what=say("Server: {permissions} not granted", permissions=lacked),
            remedy=say(
                "Server Settings → Roles → {role} → Permissions → turn on {permissions}. Or invite "
                "me again with the link below: it asks for all of them.",
                role=where,
                permissions=lacked,
            ),
        )
    else:
        yield Finding(healthy=True, what=say("Server: all permissions that I need are granted"))


def _channels(guild: discord.Guild, chosen: set[int]) -> Iterator[Finding]:
    """Channels by what is missing there.

    A channel that the bot can't see is a fault only where it was told to answer.
    """
    places: list[discord.abc.GuildChannel] = [*guild.text_channels, *guild.forums]
    groups: defaultdict[tuple[str, ...], list[discord.abc.GuildChannel]] = defaultdict(list)
    hidden = []
    for place in places:
        missing = lacking(place, (*TO_ANSWER, *TO_SHOW_CHARTS))
        granted = guild.me.guild_permissions
        here = [name for name in missing if getattr(granted, name)]  # what the channel takes away
        if "view_channel" in missing and place.id not in chosen:
            hidden.append(place)
        elif "view_channel" in here:
            groups[("view_channel",)].append(place)  # nothing else matters until this is mended
        elif here:
            if "send_messages" in here:
                here = [name for name in here if name not in TO_SHOW_CHARTS]  # it comes with it
            groups[tuple(here)].append(place)
    for lacked, members in groups.items():
        yield Finding(
            healthy=False,
            what=say(
                "{channels}: {permissions} missing",
                channels=_named(members),
                permissions=quoted_permissions(lacked),
            ),
            remedy=say(
                "Edit Channel → Permissions → add me → allow {permissions}.",
                permissions=quoted_permissions(lacked),
            ),
        )
    fine = len(places) - sum(map(len, groups.values())) - len(hidden)
    yield Finding(
        healthy=True, what=say("Channels where I have all that I need: {number}", number=fine)
    )
    if hidden:
        told = say("Channels that I can't see, which is fine: {number}", number=len(hidden))
        yield Finding(healthy=True, what=told)


async def _commands(bot: TumenBot) -> Finding:
    """Whether Discord knows the commands that this version has."""
    application_id = bot.application_id or bot.me.id
    ours = await fingerprint(bot.tree)
    synced = await asyncio.to_thread(bot.library.answers.synced_commands, application_id)
    try:
        there = {(command.name, command.type) for command in await bot.tree.fetch_commands()}
    except (discord.HTTPException, OSError) as error:
        note(error, "doctor: the commands")
        return Finding(
            healthy=False,
            what=say("Commands: Discord did not tell which it knows"),
            remedy=say(
                "Try /doctor again in a minute; https://discordstatus.com tells if it is them."
            ),
        )
    wanted = {(command.name, _type_of(command)) for command in bot.tree.get_commands()}
    if synced == ours and wanted == there:
        told = say("Commands: Discord knows all {number}", number=len(wanted))
        return Finding(healthy=True, what=told)
    return Finding(
        healthy=False,
        what=say(
            "Commands: Discord knows {known} of {all}", known=len(wanted & there), all=len(wanted)
        )
        if wanted != there
        else say("Commands: Discord still shows those of an older version"),
        remedy=say("My operator restarts me; I tell Discord at the start. Then press Ctrl-R here."),
    )


async def _health(bot: TumenBot) -> list[Finding]:
    store = bot.library.store

    def look() -> list[Finding]:
        try:
            return [look_at_model(store.embedder), *look_at_store(store)]
        except (StoreError, OSError) as error:
            log_id = note(error, "doctor: the store")
            return [
                Finding(
                    healthy=False,
                    what=say("Documents: they can't be read"),
                    remedy=say(
                        "My operator runs `tumen doctor` and looks for {log_id} in the log.",
                        log_id=log_id,
                    ),
                )
            ]

    found = await asyncio.to_thread(look)
    return [
        Finding(
            finding.healthy,
            retell(finding.what),
            ""
            if finding.healthy
            else say("My operator, on my machine: {remedy}", remedy=retell(finding.remedy)),
        )
        for finding in found
        if not finding.what.startswith("record:") or not finding.healthy
    ]


def _type_of(command: object) -> discord.AppCommandType:
    return getattr(command, "type", discord.AppCommandType.chat_input)


def _named(places: Sequence[discord.abc.GuildChannel]) -> str:
    shown = ", ".join(f"<#{place.id}>" for place in places[:MOST_NAMED])
    more = len(places) - MOST_NAMED
    return f"{shown} " + say("and {number} more", number=more) if more > 0 else shown
