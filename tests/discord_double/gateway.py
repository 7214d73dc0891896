"""The gateway: sessions, sequence numbers, heartbeats, and every way to lose a connection."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.discord_double.wire import guild_json, member_json, user_json
from tests.discord_double.world import DM, Json, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 0, 1, 2, 3, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, ACK = 7, 8, 9, 10, 11

GUILDS, MEMBERS, PRESENCES, CONTENT = 1, 1 << 1, 1 << 8, 1 << 15
GUILD_MESSAGES, GUILD_REACTIONS, DM_MESSAGES, DM_REACTIONS = 1 << 9, 1 << 10, 1 << 12, 1 << 13
CLOSE_BAD_TOKEN, CLOSE_DISALLOWED_INTENTS, CLOSE_UNKNOWN, CLOSE_NOT_IDENTIFIED = (
    4004,
    4014,
    4000,
    4003,
)
CONTENT_FLAG = 1 << 18
ACK_AFTER = 0.03


@dataclass
class Session:
    """One IDENTIFY and all that was dispatched since."""

    id: str
    intents: int
    shard: list[int]
    events: list[Json] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None
    resumable: bool = True


class Gateway:
    """Serves the websocket; tests dispatch events and break connections through it."""

    def __init__(self, world: World, token: Callable[[], str]) -> None:
        self.world = world
        self.url = ""
        self.heartbeat_ms = 41250
        self.privileged = MEMBERS | PRESENCES | CONTENT
        self.sessions: dict[str, Session] = {}
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.heartbeats: list[float] = []
        self.closed: list[int] = []
        self.changed: Callable[[], None] = lambda: None
        self.pongs: dict[bytes, float] = {}
        self._token = token
        self._acknowledging: set[asyncio.Task[None]] = set()
        self._sockets: set[web.WebSocketResponse] = set()

    @property
    def application_flags(self) -> int:
        """The application's flags: they tell whether message content is allowed."""
        return CONTENT_FLAG if self.privileged & CONTENT else 0

    @property
    def connected(self) -> list[Session]:
        """The sessions that hear events right now."""
        return [s for s in self.sessions.values() if s.socket is not None and not s.socket.closed]

    # What tests do to it

    async def drop(self, code: int | None = None) -> None:
        """Cut every connection; without a code, as a dead network does. Sessions can resume."""
        for socket in list(self._sockets):
            if code is None and socket._req and socket._req.transport:
                socket._req.transport.abort()
            else:
                await socket.close(code=code or CLOSE_UNKNOWN)

    async def ask_to_reconnect(self) -> None:
        """Send op 7: the client comes back with RESUME."""
        for socket in list(self._sockets):
            await socket.send_json({"op": RECONNECT, "d": None, "s": None, "t": None})

    async def invalidate(self) -> None:
        """Send op 9: the session is gone, the client must IDENTIFY anew."""
        for session in self.sessions.values():
            session.resumable = False
        for socket in list(self._sockets):
            await socket.send_json({"op": INVALID_SESSION, "d": False, "s": None, "t": None})

    def forget_sessions(self) -> None:
        """Make the next RESUME fail."""
        for session in self.sessions.values():
            session.resumable = False

    async def round_trip(self, within: float = 30.0) -> float:
        """Seconds until the client's event loop answers a websocket ping."""
        [session, *_] = self.connected
        assert session.socket is not None
        mark, start = secrets.token_bytes(8), time.perf_counter()
        await session.socket.ping(mark)
        while mark not in self.pongs:
            if time.perf_counter() - start > within:
                return within
            await asyncio.sleep(0.001)
        return self.pongs.pop(mark) - start

    # Events

    async def dispatch(self, name: str, data: Json, intents: int = 0) -> None:
        """Send an event to every session that asked for one of the intents; keep it for RESUME."""
        for session in self.sessions.values():
            if not session.resumable or (intents and not session.intents & intents):
                continue
            await self._send_event(session, name, data)

    async def dispatch_message(self, name: str, make: Callable[[bool], Json], *, dm: bool) -> None:
        """Send a message event; ``make(True)`` is the body without message content."""
        wanted = DM_MESSAGES if dm else GUILD_MESSAGES
        for session in self.sessions.values():
            if session.resumable and session.intents & wanted:
                body = make(not session.intents & CONTENT)
                await self._send_event(session, name, body)

    async def _send_event(self, session: Session, name: str, data: Json) -> None:
        event = {"op": DISPATCH, "t": name, "s": len(session.events) + 1, "d": data}
        session.events.append(event)
        if session.socket is not None and not session.socket.closed:
            # A connection that is just dying keeps its events for RESUME.
            with contextlib.suppress(ConnectionError):
                await session.socket.send_str(json.dumps(event))

    # The websocket

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection."""
        socket = web.WebSocketResponse(max_msg_size=0, autoping=False)
        await socket.prepare(request)
        self._sockets.add(socket)
        hello = {"heartbeat_interval": self.heartbeat_ms, "_trace": ["double"]}
        await socket.send_json({"op": HELLO, "d": hello, "s": None, "t": None})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._received(socket, json.loads(message.data))
                elif message.type is WSMsgType.PONG:
                    self.pongs[bytes(message.data)] = time.perf_counter()
                elif message.type is WSMsgType.PING:
                    await socket.pong(message.data)
        finally:
            self._sockets.discard(socket)
            self.closed.append(socket.close_code or 0)
            for session in self.sessions.values():
                if session.socket is socket:
                    session.socket = None
                    # Discord ends the session when the client itself says goodbye.
                    if socket.close_code in (1000, 1001):
                        session.resumable = False
            self.changed()
        return socket

    async def _received(self, socket: web.WebSocketResponse, frame: Json) -> None:
        op: int | None = frame.get("op")
        data: Any = frame.get("d")
        if op == HEARTBEAT:
            self.heartbeats.append(time.monotonic())
            task = asyncio.create_task(self._acknowledge(socket))
            self._acknowledging.add(task)
            task.add_done_callback(self._acknowledging.discard)
        elif op == IDENTIFY:
            await self._identify(socket, data)
        elif op == RESUME:
            await self._resume(socket, data)
        elif op == REQUEST_MEMBERS:
            await self._members(socket, data)
        elif op != PRESENCE:
            await socket.close(code=4001)
        self.changed()

    async def _acknowledge(self, socket: web.WebSocketResponse) -> None:
        # Faster than any network, discord.py would measure from the heartbeat before.
        await asyncio.sleep(ACK_AFTER)
        with contextlib.suppress(ConnectionError):
            await socket.send_json({"op": ACK, "d": None, "s": None, "t": None})

    async def _identify(self, socket: web.WebSocketResponse, data: Json) -> None:
        self.identifies.append(data)
        if data.get("token") != self._token():
            await socket.close(code=CLOSE_BAD_TOKEN, message=b"Authentication failed.")
            return
        privileged = MEMBERS | PRESENCES | CONTENT
        if data["intents"] & privileged & ~self.privileged:
            await socket.close(code=CLOSE_DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return
        session = Session(secrets.token_hex(16), data["intents"], data.get("shard") or [0, 1])
        session.socket = socket
        self.sessions[session.id] = session
        invited = [guild for guild in self.world.guilds.values() if guild.has_bot]
        ready = {
            "v": 10,
            "user": user_json(self.world.bot) | {"verified": True, "mfa_enabled": True, "flags": 0},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in invited],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": session.shard,
            "application": {"id": str(self.world.app_id), "flags": self.application_flags},
            "private_channels": [],
            "session_type": "normal",
        }
        await self._send_event(session, "READY", ready)
        for guild in invited:
            await self._send_event(session, "GUILD_CREATE", guild_json(guild, self.world))

    async def _resume(self, socket: web.WebSocketResponse, data: Json) -> None:
        self.resumes.append(data)
        session = self.sessions.get(str(data.get("session_id")))
        if data.get("token") != self._token():
            await socket.close(code=CLOSE_BAD_TOKEN)
        elif session is None or not session.resumable:
            await socket.send_json({"op": INVALID_SESSION, "d": False, "s": None, "t": None})
        else:
            place = int(data["seq"])
            while place < len(session.events):  # it may grow meanwhile
                await socket.send_str(json.dumps(session.events[place]))
                place += 1
            session.socket = socket
            await self._send_event(session, "RESUMED", {"_trace": ["double"]})

    async def _members(self, socket: web.WebSocketResponse, data: Json) -> None:
        ids: Any = data["guild_id"]
        guild = self.world.guilds[int(ids[0] if isinstance(ids, list) else ids)]
        wanted = {int(one) for one in data.get("user_ids") or []}
        prefix = (data.get("query") or "").lower()
        everyone = [*guild.members, self.world.bot]
        found = [
            user
            for user in everyone
            if (user.id in wanted if wanted else user.name.lower().startswith(prefix))
        ]
        chunk = {
            "guild_id": str(guild.id),
            "members": [member_json(user, guild, self.world.bot) for user in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
            "nonce": data.get("nonce"),
        }
        for session in self.sessions.values():
            if session.socket is socket:
                await self._send_event(session, "GUILD_MEMBERS_CHUNK", chunk)


def reaction_intent(channel_type: int) -> int:
    """The intent that a reaction in such a channel needs."""
    return DM_REACTIONS if channel_type == DM else GUILD_REACTIONS
