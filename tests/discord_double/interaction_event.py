"""The INTERACTION_CREATE payload."""

from __future__ import annotations

from tests.discord_double.wire import channel_json, member_json, message_json, user_json
from tests.discord_double.world import DM, Channel, Interaction, Json, User, World

SERVER_INSTALL, USER_INSTALL = 0, 1
FILE_LIMIT = 10 * 1024 * 1024


def interaction_json(interaction: Interaction, data: Json, world: World) -> Json:
    """What the gateway tells about an interaction, with channel, permissions and message."""
    channel, user, guild = interaction.channel, interaction.user, interaction.channel.guild
    may = str(world.permissions(user, channel))
    body: Json = {
        "id": str(interaction.id),
        "application_id": str(world.app_id),
        "type": interaction.type,
        "token": interaction.token,
        "version": 1,
        "data": data,
        "locale": user.locale,
        "channel_id": str(channel.id),
        "channel": channel_json(channel, world.bot) | {"permissions": may},
        "app_permissions": str(world.permissions(world.bot, channel)),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": FILE_LIMIT,
        "context": context_of(channel),
        "authorizing_integration_owners": _owners(channel, user),
    }
    if guild:
        body["guild_id"] = str(guild.id)
        body["guild_locale"] = guild.locale
        body["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
        body["member"] = member_json(user, guild, world.bot) | {"permissions": may}
    else:
        body["user"] = user_json(user)
    if interaction.source is not None:
        body["message"] = message_json(interaction.source, world)
    return body


def context_of(channel: Channel) -> int:
    """Where an interaction happens: 0 a server, 1 the conversation with the bot."""
    return 1 if channel.type == DM else 0


def _owners(channel: Channel, user: User) -> Json:
    if channel.guild is None:
        return {str(SERVER_INSTALL): "0", str(USER_INSTALL): str(user.id)}
    if channel.guild.has_bot:
        return {str(SERVER_INSTALL): str(channel.guild.id)}
    return {str(USER_INSTALL): str(user.id)}
