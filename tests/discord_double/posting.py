"""Messages come into being, change and go, and the gateway hears of it."""

from __future__ import annotations

import re
from typing import Any

from tests.discord_double.answers import Refused, invalid
from tests.discord_double.gateway import Gateway
from tests.discord_double.rules import INVALID, Fault, message_faults
from tests.discord_double.wire import channel_json, event_message_json
from tests.discord_double.world import (
    COMPONENTS_V2,
    DM,
    EPHEMERAL,
    LOADING,
    PUBLIC_THREAD,
    SUPPRESS_EMBEDS,
    TEXT_DISPLAY,
    Channel,
    Interaction,
    Json,
    Message,
    User,
    World,
    walk,
)

FROM_BODY = SUPPRESS_EMBEDS | COMPONENTS_V2 | (1 << 12)
REPLY, COMMAND_REPLY, CONTEXT_REPLY = 19, 20, 23
UNKNOWN = "Unknown message"
MEDIA_KEYS = ("media", "file")


class Posting:
    """Creates, edits and deletes messages in the world, with their events."""

    def __init__(self, world: World, gateway: Gateway, base: str = "") -> None:
        self.world, self.gateway, self.base = world, gateway, base
        self.nonces: dict[tuple[int, str], Message] = {}

    # For both sides

    async def publish(self, message: Message) -> None:
        """Put a message into its channel and tell the gateway."""
        message.revisions.append((self.world.clock.now(), message.text))
        if not message.ephemeral:
            message.channel.messages[message.id] = message
            await self._message_event("MESSAGE_CREATE", message)
        self.gateway.changed()

    async def changed(self, message: Message) -> None:
        """Note a revision and tell the gateway."""
        message.edited_at = self.world.clock.now()
        message.revisions.append((message.edited_at, message.text))
        if not message.ephemeral:
            await self._message_event("MESSAGE_UPDATE", message)
        self.gateway.changed()

    async def delete(self, message: Message) -> None:
        """Delete a message."""
        message.deleted = True
        message.channel.messages.pop(message.id, None)
        if not message.ephemeral:
            data: Json = {"id": str(message.id), "channel_id": str(message.channel.id)}
            guild = message.channel.guild
            if guild:
                data["guild_id"] = str(guild.id)
            if guild is None or guild.has_bot:
                await self.gateway.dispatch_message(
                    "MESSAGE_DELETE", lambda _: data, dm=message.channel.type == DM
                )
        self.gateway.changed()

    async def _message_event(self, name: str, message: Message) -> None:
        guild, bot = message.channel.guild, self.world.bot
        if guild and not guild.has_bot:
            return
        shown = message.author is bot or bot in message.mentions or message.channel.type == DM

        def body(without_content: bool) -> Json:  # noqa: FBT001 - the gateway calls it
            return event_message_json(message, self.world, blank=without_content and not shown)

        await self.gateway.dispatch_message(name, body, dm=message.channel.type == DM)

    async def start_thread(self, message: Message, name: str, owner: User) -> Channel:
        """Open a thread on a message."""
        parent = message.channel
        thread = Channel(message.id, PUBLIC_THREAD, name, parent.guild, parent, owner)
        self.world.channels[thread.id] = thread
        message.thread = thread
        data = channel_json(thread, self.world.bot) | {"newly_created": True}
        await self.gateway.dispatch("THREAD_CREATE", data)
        return thread

    # For the bot

    async def from_bot(
        self,
        channel: Channel,
        body: Json,
        files: list[tuple[str, bytes, str]],
        *,
        interaction: Interaction | None = None,
        flags: int = 0,
    ) -> Message:
        """A message that the bot sends; refused as Discord would."""
        nonce = str(body["nonce"]) if body.get("nonce") is not None else None
        if nonce and body.get("enforce_nonce") and (channel.id, nonce) in self.nonces:
            return self.nonces[(channel.id, nonce)]
        faults = message_faults(body, files=len(files))
        if faults:
            raise invalid(faults)
        message = Message(
            self.world.clock.snowflake(),
            channel,
            self.world.bot,
            flags=flags | (int(body.get("flags") or 0) & FROM_BODY),
            at=self.world.clock.now(),
            nonce=nonce,
            interaction=interaction,
        )
        if interaction:
            message.type = CONTEXT_REPLY if interaction.source else COMMAND_REPLY
        self._refer(message, body)
        self._fill(message, body, files)
        message.pings = pings(message, body)
        message.mentions = self._mentioned(message, body)
        if nonce:
            self.nonces[(channel.id, nonce)] = message
        await self.publish(message)
        return message

    async def edited_by_bot(
        self, message: Message, body: Json, files: list[tuple[str, bytes, str]]
    ) -> None:
        """An edit of one of the bot's messages."""
        before = {
            "content": message.content,
            "embeds": message.embeds,
            "components": message.components,
            "attachments": message.attachments,
            "flags": message.flags,
        }
        faults = message_faults(body, before=before, files=len(files))
        if faults:
            raise invalid(faults)
        wanted = int(body.get("flags") or 0) & FROM_BODY
        kept = message.flags & ~SUPPRESS_EMBEDS if "flags" in body else message.flags
        message.flags = (kept | wanted) & ~LOADING
        self._fill(message, body, files)
        await self.changed(message)

    def _refer(self, message: Message, body: Json) -> None:
        reference = body.get("message_reference")
        if not reference:
            return
        wanted = int(reference["message_id"])
        target = message.channel.messages.get(wanted)
        if target is None:
            if reference.get("fail_if_not_exists", True):
                raise Refused(
                    400,
                    INVALID,
                    "Invalid Form Body",
                    [Fault(INVALID, "message_reference", UNKNOWN)],
                )
            return
        message.type = REPLY
        message.replies_to = target
        message.reference = {
            "type": 0,
            "message_id": str(wanted),
            "channel_id": str(message.channel.id),
        }
        if message.channel.guild:
            message.reference["guild_id"] = str(message.channel.guild.id)

    def _fill(self, message: Message, body: Json, files: list[tuple[str, bytes, str]]) -> None:
        if "content" in body:
            message.content = body["content"] or ""
        if "embeds" in body:
            message.embeds = [{"type": "rich", **embed} for embed in body["embeds"] or []]
        if "attachments" in body:
            kept = {str(entry["id"]) for entry in body["attachments"] or []}
            message.attachments = [a for a in message.attachments if a["id"] in kept]
        message.attachments += [self.attach(message.channel, *file) for file in files]
        if "components" in body:
            message.components = [dict(part) for part in body["components"] or []]
            self._number(message)

    def _number(self, message: Message) -> None:
        """Give every component an id and every piece of media its URL, as Discord does."""
        taken = {part["id"] for part in walk(message.components) if part.get("id")}
        free = (number for number in range(1, 10_000) if number not in taken)
        urls = {f"attachment://{a['filename']}": a["url"] for a in message.attachments}
        for part in walk(message.components):
            if not part.get("id"):
                part["id"] = next(free)
            media = [part[key] for key in MEDIA_KEYS if isinstance(part.get(key), dict)]
            media += [item["media"] for item in part.get("items") or []]
            for one in media:
                one["url"] = urls.get(one["url"], one["url"])
                one |= {"proxy_url": one["url"], "width": 1, "height": 1, "content_type": None}

    def attach(self, channel: Channel, name: str, data: bytes, kind: str) -> Json:
        """Keep an uploaded file; gives its attachment object."""
        identifier = str(self.world.clock.snowflake())
        path = f"/attachments/{channel.id}/{identifier}/{name}"
        self.world.files[path] = data
        url = f"{self.base}{path}?ex=0&is=0&hm=0"
        return {
            "id": identifier,
            "filename": name,
            "size": len(data),
            "url": url,
            "proxy_url": url,
            "content_type": kind,
        }

    def _mentioned(self, message: Message, body: Json) -> list[User]:
        named = [self.world.users.get(int(n)) for n in re.findall(r"<@!?(\d+)>", message.text)]
        found = [user for user in named if user]
        allowed = body.get("allowed_mentions")
        pings_author = allowed is None or allowed.get("replied_user", False)
        if message.replies_to and pings_author:
            found.append(message.replies_to.author)
        return list(dict.fromkeys(found))


def pings(message: Message, body: Json) -> list[str]:
    """Everyone and everything that a message from the bot would notify."""
    texts = [message.content]
    texts += [p["content"] for p in walk(message.components) if p["type"] == TEXT_DISPLAY]
    text = "\n".join(texts)
    allowed: Any = body.get("allowed_mentions")
    if message.flags & EPHEMERAL:
        return []
    parse = {"everyone", "users", "roles"} if allowed is None else set(allowed.get("parse") or [])
    found = re.findall(r"@(?:everyone|here)", text) if "everyone" in parse else []
    for kind, pattern in (("users", r"<@!?(\d+)>"), ("roles", r"<@&(\d+)>")):
        named = re.findall(pattern, text)
        chosen = {str(one) for one in (allowed or {}).get(kind) or []}
        found += [f"{kind}:{one}" for one in named if kind in parse or one in chosen]
    if message.replies_to and (allowed is None or allowed.get("replied_user")):
        found.append("replied user")
    return found
