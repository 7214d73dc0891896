"""What exists in the double: people, servers, channels, messages, interactions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.discord_double.clock import Clock

Json = dict[str, Any]

TEXT, DM, PUBLIC_THREAD, FORUM = 0, 1, 11, 15
THREADS = (10, 11, 12)

ADMINISTRATOR = 1 << 3
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
READ_MESSAGE_HISTORY = 1 << 16
CREATE_PUBLIC_THREADS = 1 << 35
SEND_IN_THREADS = 1 << 38
EVERYTHING = (1 << 53) - 1
MEMBERS_MAY = (
    ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | READ_MESSAGE_HISTORY
    | CREATE_PUBLIC_THREADS
    | SEND_IN_THREADS
    | (1 << 14)  # embed links
    | (1 << 15)  # attach files
    | (1 << 31)  # use application commands
)

SUPPRESS_EMBEDS, EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 2, 1 << 6, 1 << 7, 1 << 15

TEXT_DISPLAY = 10


@dataclass(eq=False)
class User:
    """A person or a bot."""

    id: int
    name: str
    bot: bool = False
    admin: bool = False
    locale: str = "en-US"

    @property
    def mention(self) -> str:
        """How a message's text names this user."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Guild:
    """A server. The bot hears nothing from one that it was not invited to."""

    id: int
    name: str
    owner: User
    members: list[User] = field(default_factory=list)
    has_bot: bool = True
    locale: str = "en-US"
    admin_role: int = 0
    bot_role: int = 0


@dataclass(eq=False)
class Channel:
    """A channel, thread, forum or direct conversation."""

    id: int
    type: int
    name: str
    guild: Guild | None = None
    parent: Channel | None = None
    owner: User | None = None
    recipient: User | None = None
    denied_to_bot: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    awaits_first_message: bool = False
    typing: list[float] = field(default_factory=list)

    @property
    def mention(self) -> str:
        """How a message's text names this channel."""
        return f"<#{self.id}>"


@dataclass(eq=False)
class Message:
    """A message and everything that it was before it was edited."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    components: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    at: float = 0.0
    edited_at: float | None = None
    replies_to: Message | None = None
    reference: Json | None = None
    interaction: Interaction | None = None
    mentions: list[User] = field(default_factory=list)
    pings: list[str] = field(default_factory=list)
    reactions: list[tuple[str, User]] = field(default_factory=list)
    nonce: str | None = None
    webhook: bool = False
    deleted: bool = False
    revisions: list[tuple[float, str]] = field(default_factory=list)
    thread: Channel | None = None

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """All text that a reader sees, in order."""
        shown = [self.content] if self.content else []
        parts = walk(self.components)
        shown += [part["content"] for part in parts if part["type"] == TEXT_DISPLAY]
        for embed in self.embeds:
            shown += [embed.get("title") or "", embed.get("description") or ""]
            shown += [f"{f['name']}\n{f['value']}" for f in embed.get("fields") or []]
            shown.append((embed.get("footer") or {}).get("text") or "")
        return "\n".join(piece for piece in shown if piece)

    @property
    def buttons(self) -> list[Json]:
        """The buttons, in order."""
        return [part for part in walk(self.components) if part["type"] == 2]

    def button(self, custom_id: str | re.Pattern[str]) -> Json:
        """The button (or select) of that custom_id, or whose custom_id or label fits."""
        known = []
        for part in walk(self.components):
            given = part.get("custom_id")
            if given is None:
                continue
            known.append(f"{given} ({part.get('label')})")
            if isinstance(custom_id, str):
                if custom_id in (given, part.get("label")):
                    return part
            elif custom_id.search(given) or custom_id.search(part.get("label") or ""):
                return part
        raise LookupError(f"No component {custom_id!r} on the message; it has {known}.")


@dataclass(eq=False)
class Interaction:
    """Something that a person did with the bot's commands or components."""

    id: int
    token: str
    type: int
    user: User
    channel: Channel
    at: float
    acknowledged: int | None = None
    acknowledged_after: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    attempts: list[int] = field(default_factory=list)
    source: Message | None = None

    @property
    def messages(self) -> list[Message]:
        """The original answer and the follow-ups that still exist."""
        made = [self.original] if self.original else []
        return [message for message in made + self.followups if not message.deleted]


def walk(components: list[Json] | None) -> Iterator[Json]:
    """Every component of a tree, outer ones first."""
    for part in components or []:
        yield part
        yield from walk(part.get("components"))
        for single in ("accessory", "component"):
            if part.get(single):
                yield from walk([part[single]])


class World:
    """Everything that exists, by id."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.interactions: dict[int, Interaction] = {}
        self.tokens: dict[str, Interaction] = {}
        self.commands: dict[int | None, list[Json]] = {None: []}
        self.command_puts: list[tuple[int | None, list[Json]]] = []
        self.files: dict[str, bytes] = {}
        self.bot = User(clock.snowflake(), "Tumen", bot=True)
        self.users[self.bot.id] = self.bot
        self.app_id = self.bot.id

    def messages(self) -> list[Message]:
        """All messages that exist, oldest first, private ones left out."""
        found = [m for channel in self.channels.values() for m in channel.messages.values()]
        return sorted((m for m in found if not m.deleted), key=lambda message: message.id)

    def direct(self, user: User) -> Channel:
        """The direct conversation between the bot and a user."""
        for channel in self.channels.values():
            if channel.type == DM and channel.recipient is user:
                return channel
        made = Channel(self.clock.snowflake(), DM, user.name, recipient=user)
        self.channels[made.id] = made
        return made

    def permissions(self, user: User, channel: Channel) -> int:
        """What a user may do in a channel."""
        if channel.guild is None:
            return MEMBERS_MAY | MANAGE_MESSAGES
        if user.admin or channel.guild.owner is user:
            return EVERYTHING
        allowed = MEMBERS_MAY
        if user is self.bot:
            allowed |= MANAGE_MESSAGES
            place: Channel | None = channel
            while place is not None:
                allowed &= ~place.denied_to_bot
                place = place.parent
        return allowed

    def command(self, name: str, guild: Guild | None, kind: int) -> Json:
        """A registered command, as a member of that server finds it."""
        scopes = [guild.id if guild else None, None]
        for scope in scopes:
            for command in self.commands.get(scope, []):
                if command["name"] == name and command.get("type", 1) == kind:
                    return command
        known = sorted(c["name"] for scope in scopes for c in self.commands.get(scope, []))
        raise LookupError(f"No such command is registered: {name!r} (type {kind}); there: {known}.")
