"""The REST routes about the application, channels, messages, threads and people."""

from __future__ import annotations

from aiohttp import web

from tests.discord_double.answers import Refused, answer, unknown
from tests.discord_double.clock import Clock
from tests.discord_double.gateway import CONTENT, Gateway, reaction_intent
from tests.discord_double.incoming import INCOMING
from tests.discord_double.posting import Posting
from tests.discord_double.wire import (
    channel_json,
    guild_json,
    member_json,
    message_json,
    user_json,
)
from tests.discord_double.world import (
    ADD_REACTIONS,
    CREATE_PUBLIC_THREADS,
    DM,
    READ_MESSAGE_HISTORY,
    SEND_IN_THREADS,
    SEND_MESSAGES,
    THREADS,
    VIEW_CHANNEL,
    Channel,
    Json,
    Message,
    World,
)

MISSING_ACCESS, MISSING_PERMISSIONS, NOT_FIRST_MESSAGE = 50001, 50013, 40058


class Routes:
    """Handlers that need the bot's token."""

    def __init__(self, world: World, gateway: Gateway, posting: Posting) -> None:
        self.world, self.gateway, self.posting = world, gateway, posting
        self.clock: Clock = world.clock

    def add_to(self, app: web.Application, prefix: str) -> None:
        """Register every route."""
        message = "/channels/{channel}/messages/{message}"
        reaction = message + "/reactions/{emoji}/@me"
        for method, path, handler in (
            ("GET", "/users/@me", self.me),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/applications/@me", self.application),
            ("GET", "/gateway/bot", self.gateway_bot),
            ("GET", "/gateway", self.gateway_bot),
            ("POST", "/users/@me/channels", self.open_direct),
            ("GET", "/users/{user}", self.user),
            ("GET", "/guilds/{guild}", self.guild),
            ("GET", "/guilds/{guild}/members/{user}", self.member),
            ("GET", "/channels/{channel}", self.channel),
            ("POST", "/channels/{channel}/typing", self.typing),
            ("GET", "/channels/{channel}/messages", self.history),
            ("POST", "/channels/{channel}/messages", self.create),
            ("GET", message, self.fetch),
            ("PATCH", message, self.edit),
            ("DELETE", message, self.delete),
            ("POST", message + "/threads", self.thread),
            ("PUT", reaction, self.react),
            ("DELETE", reaction, self.unreact),
        ):
            app.router.add_route(method, prefix + path, handler)

    # The application and people

    async def me(self, _: web.Request) -> web.Response:
        """The bot's own user."""
        mine = {"verified": True, "mfa_enabled": True, "locale": "en-US", "flags": 0}
        return answer(user_json(self.world.bot) | mine)

    async def application(self, _: web.Request) -> web.Response:
        """The application, with flags that tell which intents are granted."""
        owner = next((u for u in self.world.users.values() if not u.bot), self.world.bot)
        return answer(
            {
                "id": str(self.world.app_id),
                "name": "Tumen",
                "icon": None,
                "description": "",
                "summary": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "flags": self.gateway.application_flags,
                "owner": user_json(owner),
                "team": None,
                "install_params": None,
                "integration_types_config": {"0": {}, "1": {}},
                "interactions_endpoint_url": None,
            }
        )

    async def gateway_bot(self, _: web.Request) -> web.Response:
        """Where the gateway is."""
        limits = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return answer({"url": self.gateway.url, "shards": 1, "session_start_limit": limits})

    async def user(self, request: web.Request) -> web.Response:
        """A user by id."""
        found = self.world.users.get(int(request.match_info["user"]))
        if found is None:
            raise unknown("User", 10013)
        return answer(user_json(found))

    async def guild(self, request: web.Request) -> web.Response:
        """A server by id."""
        found = self.world.guilds.get(int(request.match_info["guild"]))
        if found is None or not found.has_bot:
            raise unknown("Guild", 10004)
        return answer(guild_json(found, self.world))

    async def member(self, request: web.Request) -> web.Response:
        """A member by id."""
        guild = self.world.guilds.get(int(request.match_info["guild"]))
        user = self.world.users.get(int(request.match_info["user"]))
        if guild is None or user is None or user not in [*guild.members, self.world.bot]:
            raise unknown("Member", 10007)
        return answer(member_json(user, guild, self.world.bot))

    async def open_direct(self, request: web.Request) -> web.Response:
        """Open a direct conversation."""
        user = self.world.users.get(int(request[INCOMING].body["recipient_id"]))
        if user is None:
            raise unknown("User", 10013)
        return answer(channel_json(self.world.direct(user), self.world.bot))

    # Channels and messages

    def _channel(self, request: web.Request, *needed: int) -> Channel:
        channel = self.world.channels.get(int(request.match_info["channel"]))
        if channel is None:
            raise unknown("Channel", 10003)
        if channel.guild and not channel.guild.has_bot:
            raise Refused(403, MISSING_ACCESS, "Missing Access")
        allowed = self.world.permissions(self.world.bot, channel)
        if not allowed & VIEW_CHANNEL:
            raise Refused(403, MISSING_ACCESS, "Missing Access")
        if any(not allowed & bit for bit in needed):
            raise Refused(403, MISSING_PERMISSIONS, "Missing Permissions")
        return channel

    def _message(self, request: web.Request, *needed: int) -> Message:
        channel = self._channel(request, *needed)
        found = channel.messages.get(int(request.match_info["message"]))
        if found is None:
            raise unknown("Message", 10008)
        return found

    def _blank(self, message: Message) -> bool:
        bot = self.world.bot
        shown = message.author is bot or bot in message.mentions or message.channel.type == DM
        return not shown and not self.gateway.privileged & CONTENT

    async def channel(self, request: web.Request) -> web.Response:
        """A channel by id."""
        return answer(channel_json(self._channel(request), self.world.bot))

    async def typing(self, request: web.Request) -> web.Response:
        """The bot starts typing."""
        channel = self._channel(request)
        channel.typing.append(self.clock.now())
        self.gateway.changed()
        return answer()

    async def history(self, request: web.Request) -> web.Response:
        """A channel's messages, newest first."""
        channel = self._channel(request, READ_MESSAGE_HISTORY)
        query = request.query
        found = sorted(channel.messages.values(), key=lambda m: m.id, reverse=True)
        if "before" in query:
            found = [m for m in found if m.id < int(query["before"])]
        limit = int(query.get("limit", 50))
        if "after" in query:
            found = [m for m in found if m.id > int(query["after"])][-limit:]
        if "around" in query:
            middle = int(query["around"])
            found = sorted(found, key=lambda m: abs(m.id - middle))[:limit]
            found.sort(key=lambda m: m.id, reverse=True)
        return answer([message_json(m, self.world, blank=self._blank(m)) for m in found[:limit]])

    async def create(self, request: web.Request) -> web.Response:
        """The bot says something."""
        channel = self._channel(request)
        needed = SEND_IN_THREADS if channel.type in THREADS else SEND_MESSAGES
        self._channel(request, needed)
        if channel.awaits_first_message:
            text = "Cannot message this thread until after the post author has sent a message"
            raise Refused(403, NOT_FIRST_MESSAGE, text)
        incoming = request[INCOMING]
        made = await self.posting.from_bot(channel, incoming.body or {}, incoming.files)
        return answer(message_json(made, self.world))

    async def fetch(self, request: web.Request) -> web.Response:
        """A message by id."""
        found = self._message(request, READ_MESSAGE_HISTORY)
        return answer(message_json(found, self.world, blank=self._blank(found)))

    async def edit(self, request: web.Request) -> web.Response:
        """The bot edits a message of its own."""
        found = self._message(request)
        if found.author is not self.world.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        incoming = request[INCOMING]
        await self.posting.edited_by_bot(found, incoming.body or {}, incoming.files)
        return answer(message_json(found, self.world))

    async def delete(self, request: web.Request) -> web.Response:
        """The bot deletes a message."""
        await self.posting.delete(self._message(request))
        return answer()

    async def thread(self, request: web.Request) -> web.Response:
        """The bot opens a thread on a message."""
        found = self._message(request, CREATE_PUBLIC_THREADS)
        if found.thread:
            raise Refused(400, 160004, "A thread has already been created for this message")
        name = request[INCOMING].body["name"]
        made = await self.posting.start_thread(found, name, self.world.bot)
        return answer(channel_json(made, self.world.bot))

    async def react(self, request: web.Request) -> web.Response:
        """The bot reacts."""
        found = self._message(request, ADD_REACTIONS)
        entry = (request.match_info["emoji"], self.world.bot)
        if entry not in found.reactions:
            found.reactions.append(entry)
            await self._reaction_event("MESSAGE_REACTION_ADD", found, entry[0])
        return answer()

    async def unreact(self, request: web.Request) -> web.Response:
        """The bot takes its reaction back."""
        found = self._message(request)
        entry = (request.match_info["emoji"], self.world.bot)
        if entry in found.reactions:
            found.reactions.remove(entry)
            await self._reaction_event("MESSAGE_REACTION_REMOVE", found, entry[0])
        return answer()

    async def _reaction_event(self, name: str, message: Message, emoji: str) -> None:
        data: Json = {
            "user_id": str(self.world.bot.id),
            "channel_id": str(message.channel.id),
            "message_id": str(message.id),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        if message.channel.guild:
            data["guild_id"] = str(message.channel.guild.id)
        self.gateway.changed()
        await self.gateway.dispatch(name, data, reaction_intent(message.channel.type))
