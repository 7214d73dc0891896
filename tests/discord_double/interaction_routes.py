"""The REST routes of interactions: acknowledgements, the original answer, follow-ups."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.discord_double.answers import Refused, answer, invalid, unknown
from tests.discord_double.clock import Clock
from tests.discord_double.command_rules import autocomplete_faults, modal_faults
from tests.discord_double.gateway import Gateway
from tests.discord_double.incoming import INCOMING
from tests.discord_double.posting import FROM_BODY, Posting
from tests.discord_double.wire import message_json
from tests.discord_double.world import (
    EPHEMERAL,
    LOADING,
    Interaction,
    Json,
    Message,
    World,
)

ACK_SECONDS, TOKEN_SECONDS = 3.0, 15 * 60.0
PONG, MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
EXPIRED, EXPIRED_TOKEN, TWICE, UNKNOWN_WEBHOOK = 10062, 50027, 40060, 10015


class InteractionRoutes:
    """Handlers whose authority is the interaction's token."""

    def __init__(self, world: World, gateway: Gateway, posting: Posting) -> None:
        self.world, self.gateway, self.posting = world, gateway, posting
        self.clock: Clock = world.clock

    def add_to(self, app: web.Application, prefix: str) -> None:
        """Register every route."""
        hook = prefix + "/webhooks/{app}/{token}"
        app.router.add_post(prefix + "/interactions/{interaction}/{token}/callback", self.callback)
        app.router.add_post(hook, self.follow_up)
        app.router.add_get(hook + "/messages/{message}", self.fetch)
        app.router.add_patch(hook + "/messages/{message}", self.edit)
        app.router.add_delete(hook + "/messages/{message}", self.delete)

    async def callback(self, request: web.Request) -> web.Response:
        """The acknowledgement: once, and within three seconds."""
        found = self.world.interactions.get(int(request.match_info["interaction"]))
        if found is None or found.token != request.match_info["token"]:
            raise unknown("interaction", EXPIRED)
        incoming = request[INCOMING]
        body: Json = incoming.body
        age = self.clock.now() - found.at
        found.attempts.append(body["type"])
        if found.acknowledged is not None:
            raise Refused(400, TWICE, "Interaction has already been acknowledged.")
        if age > ACK_SECONDS:
            raise unknown("interaction", EXPIRED)
        await self._acknowledge(found, body, incoming.files)
        found.acknowledged_after = age
        self.gateway.changed()
        if request.query.get("with_response", "").lower() not in ("true", "1"):
            return answer()
        return answer(self._response_json(found, body["type"]))

    async def _acknowledge(self, found: Interaction, body: Json, files: list[Any]) -> None:
        kind, data = body["type"], body.get("data") or {}
        if kind in (DEFER_UPDATE, UPDATE) and found.source is None:
            raise Refused(400, 50035, "Only a component can update its message.")
        if kind == CHOICES:
            self._require(autocomplete_faults(data))
            found.choices = data.get("choices") or []
        elif kind == MODAL:
            self._require(modal_faults(data))
            found.modal = data
        private = int(data.get("flags") or 0) & EPHEMERAL
        if kind == UPDATE:
            assert found.source is not None
            await self.posting.edited_by_bot(found.source, data, files)
        found.acknowledged = kind
        if kind in (UPDATE, DEFER_UPDATE):
            found.original = found.source
        elif kind == MESSAGE:
            found.acknowledged = None  # until it proves good
            found.original = await self.posting.from_bot(
                found.channel, data, files, interaction=found, flags=private
            )
            found.acknowledged = kind
        elif kind == DEFER:
            found.original = Message(
                self.clock.snowflake(),
                found.channel,
                self.world.bot,
                flags=private | LOADING,
                type=20,
                at=self.clock.now(),
                interaction=found,
            )
            await self.posting.publish(found.original)

    def _require(self, faults: list[Any]) -> None:
        if faults:
            raise invalid(faults)

    def _response_json(self, found: Interaction, kind: int) -> Json:
        made: Json = {"id": str(found.id), "type": found.type}
        resource: Json = {"type": kind}
        message = found.original
        if message and kind in (MESSAGE, DEFER, UPDATE):
            made["response_message_id"] = str(message.id)
            made["response_message_loading"] = message.loading
            made["response_message_ephemeral"] = message.ephemeral
            resource["message"] = message_json(message, self.world)
        return {"interaction": made, "resource": resource}

    def _interaction(self, request: web.Request) -> Interaction:
        found = self.world.tokens.get(request.match_info["token"])
        if found is None or found.acknowledged is None:
            raise unknown("Webhook", UNKNOWN_WEBHOOK)
        if self.clock.now() - found.at > TOKEN_SECONDS:
            raise Refused(401, EXPIRED_TOKEN, "Invalid Webhook Token")
        return found

    def _message(self, request: web.Request, found: Interaction) -> Message:
        wanted = request.match_info["message"]
        messages = found.messages
        if wanted == "@original":
            messages = [m for m in messages if m is found.original]
        else:
            messages = [m for m in messages if m.id == int(wanted)]
        if not messages:
            raise unknown("Message", 10008)
        return messages[0]

    async def follow_up(self, request: web.Request) -> web.Response:
        """A further message; straight after a deferral it fills the original."""
        found = self._interaction(request)
        incoming = request[INCOMING]
        body: Json = incoming.body or {}
        if found.original and found.original.loading:
            await self.posting.edited_by_bot(found.original, body, incoming.files)
            return answer(message_json(found.original, self.world))
        flags = int(body.get("flags") or 0) & (EPHEMERAL | FROM_BODY)
        made = await self.posting.from_bot(
            found.channel, body, incoming.files, interaction=found, flags=flags
        )
        found.followups.append(made)
        return answer(message_json(made, self.world))

    async def fetch(self, request: web.Request) -> web.Response:
        """The original answer or a follow-up."""
        return answer(message_json(self._message(request, self._interaction(request)), self.world))

    async def edit(self, request: web.Request) -> web.Response:
        """Edit the original answer or a follow-up; ends the thinking."""
        found = self._message(request, self._interaction(request))
        incoming = request[INCOMING]
        await self.posting.edited_by_bot(found, incoming.body or {}, incoming.files)
        return answer(message_json(found, self.world))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete the original answer or a follow-up."""
        await self.posting.delete(self._message(request, self._interaction(request)))
        return answer()
