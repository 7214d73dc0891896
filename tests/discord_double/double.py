"""A double of Discord on the wire: one server on loopback, scripted by tests."""

from __future__ import annotations

import asyncio
import contextlib
import mimetypes
from collections.abc import Awaitable, Callable
from typing import Self, TypeVar

import aiohttp
from aiohttp import web

from tests.discord_double import description
from tests.discord_double.answers import Refused, answer
from tests.discord_double.clock import Clock
from tests.discord_double.command_routes import CommandRoutes
from tests.discord_double.faults import Faults, RateLimits
from tests.discord_double.gateway import Gateway
from tests.discord_double.incoming import INCOMING, Incoming, read
from tests.discord_double.interaction_routes import InteractionRoutes
from tests.discord_double.people import People
from tests.discord_double.posting import Posting
from tests.discord_double.routes import Routes
from tests.discord_double.wire import channel_json, guild_json
from tests.discord_double.world import (
    FORUM,
    TEXT,
    Channel,
    Guild,
    Interaction,
    Json,
    Message,
    User,
    World,
)

PREFIX = "/api/v10"
Found = TypeVar("Found")
TOKENLESS = ("/interactions/", "/webhooks/")


class DiscordDouble(People):
    """Discord, as far as a bot can tell. Use it as an async context."""

    def __init__(self, token: str = "a.token.of-the-double") -> None:  # noqa: S107 - ours
        self.token = token
        self.clock = Clock()
        self.faults = Faults()
        self.limits = RateLimits(self.clock)
        self.requests: list[Incoming] = []
        self.internal_errors: list[str] = []
        world = World(self.clock)
        gateway = Gateway(world, lambda: self.token)
        super().__init__(world, Posting(world, gateway))
        gateway.changed = self._notify
        self._changes = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.base = ""

    # Its life

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._middleware], client_max_size=64 * 1024 * 1024)
        Routes(self.world, self.gateway, self.posting).add_to(app, PREFIX)
        CommandRoutes(self.world, self.gateway).add_to(app, PREFIX)
        InteractionRoutes(self.world, self.gateway, self.posting).add_to(app, PREFIX)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_get("/attachments/{path:.*}", self._attachment)
        app.router.add_post("/uploads/{channel}", self._uploaded)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        [(host, port, *_)] = self._runner.addresses
        self.base = f"http://{host}:{port}"
        self.posting.base = self.base
        self.gateway.url = f"ws://{host}:{port}/gateway/"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.gateway.drop()
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def api(self) -> str:
        """What takes the place of `discord.http.Route.BASE`."""
        return self.base + PREFIX

    # Its people and places

    def user(
        self, name: str, *, admin: bool = False, bot: bool = False, locale: str = "en-US"
    ) -> User:
        """A new person, who belongs to every server that exists."""
        made = User(self.clock.snowflake(), name, bot, admin, locale)
        self.world.users[made.id] = made
        for guild in self.world.guilds.values():
            guild.members.append(made)
        return made

    def guild(
        self, name: str, owner: User, *, has_bot: bool = True, locale: str = "en-US"
    ) -> Guild:
        """A new server."""
        ids = [self.clock.snowflake() for _ in range(3)]
        made = Guild(ids[0], name, owner, [owner], has_bot, locale, ids[1], ids[2])
        self.world.guilds[made.id] = made
        return made

    def channel(
        self, guild: Guild, name: str, *, kind: int = TEXT, denied_to_bot: int = 0
    ) -> Channel:
        """A new channel of a server."""
        made = Channel(self.clock.snowflake(), kind, name, guild, denied_to_bot=denied_to_bot)
        self.world.channels[made.id] = made
        return made

    async def join(self, guild: Guild) -> None:
        """Tell a bot that already runs that a server invited it."""
        data = guild_json(guild, self.world)
        del data["unavailable"]  # only a server that was known before says that it is there
        await self.gateway.dispatch("GUILD_CREATE", data)

    async def announce(self, channel: Channel) -> None:
        """Tell a bot that already runs about a channel that is new."""
        data = channel_json(channel, self.world.bot)
        await self.gateway.dispatch("CHANNEL_CREATE", data)

    def forum(self, guild: Guild, name: str) -> Channel:
        """A new forum of a server."""
        return self.channel(guild, name, kind=FORUM)

    # Waiting

    def _notify(self) -> None:
        self._changes.set()

    async def until(
        self, look: Callable[[], Found | None], within: float = 12.0, what: str = ""
    ) -> Found:
        """Wait until ``look()`` gives something true; looks again whenever anything changes."""
        deadline = asyncio.get_running_loop().time() + within
        while True:
            self._changes.clear()
            found = look()
            if found:
                return found
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                raise TimeoutError(f"Not within {within} s: {what or look}. {self.recent()}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changes.wait(), min(left, 0.2))

    async def ready(self, within: float = 40.0) -> None:
        """Wait until a client is connected and has its READY."""
        await self.until(lambda: self.gateway.connected, within, "a client that is connected")

    async def wait_message(
        self,
        channel: Channel,
        fits: Callable[[Message], bool] = lambda _: True,
        *,
        after: Message | None = None,
        within: float = 12.0,
    ) -> Message:
        """Wait for a message of the bot in a channel, ``after`` another one."""
        start = after.id if after else 0

        def look() -> Message | None:
            for message in list(channel.messages.values()):
                if message.author is self.world.bot and message.id > start and fits(message):
                    return message
            return None

        return await self.until(look, within, f"a message of the bot in #{channel.name}")

    async def wait_answer(
        self,
        interaction: Interaction,
        fits: Callable[[Message], bool] = lambda message: not message.loading,
        within: float = 12.0,
    ) -> Message:
        """Wait for what the bot answers to an interaction."""

        def look() -> Message | None:
            return next((m for m in interaction.messages if fits(m)), None)

        try:
            return await self.until(look, within, "an answer to the interaction")
        except TimeoutError as error:
            there = [message.text for message in interaction.messages]
            raise TimeoutError(f"Only there: {there}. {error}") from None

    async def wait_acknowledged(self, interaction: Interaction, within: float = 5.0) -> int:
        """Wait until an interaction is acknowledged; gives the kind."""
        kind = await self.until(
            lambda: interaction.acknowledged, within, "an acknowledgement of the interaction"
        )
        return int(kind)

    def recent(self, count: int = 12) -> str:
        """The last requests, to be read when something failed."""
        lines = [
            f"  {r.status} {r.method} {r.path[:70]} {r.refusal}" for r in self.requests[-count:]
        ]
        return "Last requests:\n" + "\n".join(lines)

    def refusals(self) -> list[str]:
        """The bodies that were refused because they break Discord's rules."""
        return [f"{r.method} {r.path}: {r.refusal}" for r in self.requests if r.breaks_rules]

    def complaints(self, start: int = 0) -> list[str]:
        """What Discord's API description forbids in the requests from ``start`` on."""
        if not description.available():
            return []
        found = (
            description.complaint(r.method, r.path, r.body)
            for r in self.requests[start:]
            if r.method in ("POST", "PUT", "PATCH")
        )
        return [one for one in found if one]

    # Every request

    @web.middleware
    async def _middleware(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if not request.path.startswith(PREFIX):
            return await handler(request)
        path = request.path[len(PREFIX) :]
        incoming = await read(request, path, self.clock.now(), self.token)
        request[INCOMING] = incoming
        self.requests.append(incoming)
        response = await self._respond(request, incoming, handler)
        incoming.status = response.status
        self._notify()
        return response

    async def _respond(
        self,
        request: web.Request,
        incoming: Incoming,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        fault = self.faults.take(incoming.method, incoming.path, incoming.at)
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if fault.cut and request.transport:
                request.transport.abort()
            if fault.status and not fault.handled_first:
                return fault.response()
        if not incoming.authorised and not incoming.path.startswith(TOKENLESS):
            return answer({"message": "401: Unauthorized", "code": 0}, 401)
        headers, over = self.limits.check(incoming.method, incoming.path)
        if over is not None:
            return over
        try:
            response = await handler(request)
        except Refused as refused:
            incoming.breaks_rules = refused.breaks_rules
            incoming.refusal = f"{refused.code} {refused.message} {refused.faults or ''}"
            response = refused.response()
        except web.HTTPNotFound:
            incoming.refusal = "no such route in the double"
            self.internal_errors.append(f"{incoming.method} {incoming.path} is not served")
            response = answer({"message": "404: Not Found", "code": 0}, 404)
        except Exception as error:  # a mistake of the double must fail the test, not hang it
            self.internal_errors.append(f"{incoming.method} {incoming.path}: {error!r}")
            raise
        response.headers.update(headers)
        return fault.response() if fault is not None and fault.status else response

    async def upload(self, channel: Channel, name: str, data: bytes) -> Json:
        """A person's client uploads a file, as multipart; gives the attachment."""
        form = aiohttp.FormData()
        form.add_field("files[0]", data, filename=name, content_type="application/octet-stream")
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.base}/uploads/{channel.id}", data=form) as response,
        ):
            made: Json = await response.json()
        return made

    async def _uploaded(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["files[0]"]
        assert isinstance(file, web.FileField)
        channel = self.world.channels[int(request.match_info["channel"])]
        kind = mimetypes.guess_type(file.filename)[0] or file.content_type
        made = self.posting.attach(channel, file.filename, file.file.read(), kind)
        return web.json_response(made)

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        """A file; a fault that cuts does so in its middle."""
        data = self.world.files.get(request.path)
        if data is None:
            return web.Response(status=404)
        fault = self.faults.take("GET", request.path, self.clock.now())
        if fault is None:
            return web.Response(body=data)
        await asyncio.sleep(fault.delay)
        if not fault.cut:
            return web.Response(status=fault.status or 200, body=data)
        response = web.StreamResponse(headers={"Content-Length": str(len(data))})
        await response.prepare(request)
        await response.write(data[: len(data) // 2])
        assert request.transport is not None
        request.transport.abort()
        return response
