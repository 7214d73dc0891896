"""The world as JSON, the way Discord writes it on the wire."""

from __future__ import annotations

from tests.discord_double.clock import stamp
from tests.discord_double.world import (
    ADMINISTRATOR,
    DM,
    EVERYTHING,
    FORUM,
    MANAGE_MESSAGES,
    MEMBERS_MAY,
    THREADS,
    Channel,
    Guild,
    Interaction,
    Json,
    Message,
    User,
    World,
)

JOINED = "2024-01-01T00:00:00+00:00"


def user_json(user: User) -> Json:
    """A user object."""
    return {
        "id": str(user.id),
        "username": user.name.lower(),
        "global_name": user.name,
        "discriminator": "0",
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
    }


def member_json(user: User, guild: Guild, bot: User, *, with_user: bool = True) -> Json:
    """A member object; roles are ids."""
    roles = [str(guild.admin_role)] if user.admin else []
    if user is bot:
        roles.append(str(guild.bot_role))
    made: Json = {
        "roles": roles,
        "joined_at": JOINED,
        "nick": None,
        "avatar": None,
        "banner": None,
        "premium_since": None,
        "pending": False,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "communication_disabled_until": None,
    }
    if with_user:
        made["user"] = user_json(user)
    return made


def role_json(identifier: int, name: str, permissions: int) -> Json:
    """A role object."""
    return {
        "id": str(identifier),
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def channel_json(channel: Channel, bot: User) -> Json:
    """A channel, thread or direct conversation."""
    made: Json = {"id": str(channel.id), "type": channel.type, "flags": 0, "last_message_id": None}
    if channel.type == DM:
        made["recipients"] = [user_json(channel.recipient)] if channel.recipient else []
        return made
    assert channel.guild is not None
    made |= {"guild_id": str(channel.guild.id), "name": channel.name, "rate_limit_per_user": 0}
    if channel.type in THREADS:
        assert channel.parent is not None
        made |= {
            "parent_id": str(channel.parent.id),
            "owner_id": str((channel.owner or bot).id),
            "message_count": len(channel.messages),
            "member_count": 2,
            "total_message_sent": len(channel.messages),
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": JOINED,
                "locked": False,
                "create_timestamp": JOINED,
            },
        }
        return made
    overwrites = []
    if channel.denied_to_bot:
        overwrites = [
            {"id": str(bot.id), "type": 1, "allow": "0", "deny": str(channel.denied_to_bot)}
        ]
    made |= {
        "position": 0,
        "topic": None,
        "nsfw": False,
        "parent_id": None,
        "permission_overwrites": overwrites,
    }
    if channel.type == FORUM:
        made |= {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
    return made


def guild_json(guild: Guild, world: World) -> Json:
    """The GUILD_CREATE payload."""
    mine = [c for c in world.channels.values() if c.guild is guild]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "description": None,
        "banner": None,
        "owner_id": str(guild.owner.id),
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "nsfw": False,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": guild.locale,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "vanity_url_code": None,
        "application_id": None,
        "features": [],
        "roles": [
            role_json(guild.id, "@everyone", MEMBERS_MAY),
            role_json(guild.admin_role, "admins", EVERYTHING | ADMINISTRATOR),
            role_json(guild.bot_role, "Tumen", MEMBERS_MAY | MANAGE_MESSAGES),
        ],
        "emojis": [],
        "stickers": [],
        "member_count": len(guild.members) + 1,
        "members": [member_json(world.bot, guild, world.bot)],
        "channels": [channel_json(c, world.bot) for c in mine if c.type not in THREADS],
        "threads": [channel_json(c, world.bot) for c in mine if c.type in THREADS],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "joined_at": JOINED,
        "large": False,
        "unavailable": False,
    }


def message_json(message: Message, world: World, *, blank: bool = False) -> Json:
    """A message; ``blank`` leaves out what needs the message-content intent."""
    made: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "type": message.type,
        "author": user_json(message.author),
        "content": "" if blank else message.content,
        "embeds": [] if blank else message.embeds,
        "attachments": [] if blank else message.attachments,
        "components": [] if blank else message.components,
        "timestamp": stamp(message.at),
        "edited_timestamp": stamp(message.edited_at) if message.edited_at else None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [user_json(user) for user in message.mentions],
        "mention_roles": [],
        "pinned": False,
        "flags": message.flags,
    }
    if message.nonce is not None:
        made["nonce"] = message.nonce
    if message.reactions:
        made["reactions"] = reactions_json(message, world.bot)
    if message.webhook or message.interaction:
        made["webhook_id"] = str(world.app_id if message.interaction else message.author.id)
    if message.author is world.bot:
        made["application_id"] = str(world.app_id)
    if message.interaction:
        made["interaction_metadata"] = metadata_json(message.interaction, message)
    if message.reference:
        made["message_reference"] = message.reference
        target = message.replies_to
        if target is None or target.deleted:
            made["referenced_message"] = None
        else:
            hidden = blank and target.author is not world.bot
            inner = message_json(target, world, blank=hidden)
            inner.pop("referenced_message", None)
            made["referenced_message"] = inner
    if message.thread:
        made["thread"] = channel_json(message.thread, world.bot)
    return made


def event_message_json(message: Message, world: World, *, blank: bool) -> Json:
    """A message as MESSAGE_CREATE and MESSAGE_UPDATE carry it, with server and member."""
    made = message_json(message, world, blank=blank)
    guild = message.channel.guild
    if guild:
        made["guild_id"] = str(guild.id)
        if not message.webhook and not message.interaction:
            made["member"] = member_json(message.author, guild, world.bot, with_user=False)
        for user, entry in zip(message.mentions, made["mentions"], strict=True):
            entry["member"] = member_json(user, guild, world.bot, with_user=False)
    return made


def reactions_json(message: Message, bot: User) -> list[Json]:
    """A message's reactions, counted."""
    made = []
    for emoji in dict.fromkeys(emoji for emoji, _ in message.reactions):
        users = [user for given, user in message.reactions if given == emoji]
        made.append(
            {
                "emoji": {"id": None, "name": emoji},
                "count": len(users),
                "count_details": {"burst": 0, "normal": len(users)},
                "me": bot in users,
                "me_burst": False,
                "burst_colors": [],
            }
        )
    return made


def metadata_json(interaction: Interaction, message: Message) -> Json:
    """What a message says about the interaction that made it."""
    made: Json = {
        "id": str(interaction.id),
        "type": interaction.type,
        "user": user_json(interaction.user),
        "authorizing_integration_owners": {"0": str(getattr(message.channel.guild, "id", 0))},
    }
    if interaction.original and interaction.original is not message:
        made["original_response_message_id"] = str(interaction.original.id)
    if interaction.source:
        made["interacted_message_id"] = str(interaction.source.id)
    return made
