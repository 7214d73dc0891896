"""What people do: they write, press, choose commands; the bot gets their interactions."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Sequence
from typing import Any

from tests.discord_double.interaction_event import USER_INSTALL, context_of, interaction_json
from tests.discord_double.posting import REPLY, Posting
from tests.discord_double.wire import (
    channel_json,
    member_json,
    message_json,
    user_json,
)
from tests.discord_double.world import (
    FORUM,
    PUBLIC_THREAD,
    Channel,
    Interaction,
    Json,
    Message,
    User,
    World,
)

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
SUB_COMMAND, SUB_GROUP, USER_OPTION, CHANNEL_OPTION, ATTACHMENT_OPTION = 1, 2, 6, 7, 11
NATIVE = {3: str, 4: int, 5: bool, 10: float}
CHAT, USER_MENU, MESSAGE_MENU = 1, 2, 3
SERVER_INSTALL = 0
TEXT_INPUT, FILE_UPLOAD = 4, 19


class People:
    """Turns what a person does into gateway events, as strict as Discord's client is."""

    def __init__(self, world: World, posting: Posting) -> None:
        self.world, self.posting, self.gateway = world, posting, posting.gateway

    # Writing

    async def say(self, channel: Channel, user: User, text: str, **more: Any) -> Message:
        """A person writes; see `_written` for what else can be given."""
        made = self._written(channel, user, text, **more)
        await self.posting.publish(made)
        return made

    def _written(
        self,
        channel: Channel,
        user: User,
        text: str,
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        files: list[tuple[str, bytes, str]] | None = None,
        webhook: bool = False,
    ) -> Message:
        clock = self.world.clock
        made = Message(clock.snowflake(), channel, user, text, at=clock.now(), webhook=webhook)
        self._mentions(made)
        made.attachments = [self.posting.attach(channel, *file) for file in files or []]
        if reply_to is not None:
            made.type, made.replies_to = REPLY, reply_to
            made.reference = {
                "type": 0,
                "message_id": str(reply_to.id),
                "channel_id": str(channel.id),
            }
            if ping and reply_to.author not in made.mentions:
                made.mentions.append(reply_to.author)
        return made

    def _mentions(self, message: Message) -> None:
        named = [self.world.users.get(int(n)) for n in re.findall(r"<@!?(\d+)>", message.content)]
        message.mentions = [user for user in dict.fromkeys(named) if user]

    async def edit(self, message: Message, text: str) -> None:
        """A person edits their message."""
        message.content = text
        self._mentions(message)
        await self.posting.changed(message)

    async def delete(self, message: Message) -> None:
        """A person deletes a message."""
        await self.posting.delete(message)

    async def forum_post(
        self, forum: Channel, user: User, title: str, text: str, first_message_after: float = 0.0
    ) -> Channel:
        """A new post: the thread comes first, its message a little later."""
        assert forum.type == FORUM
        made = self._written(forum, user, text)
        thread = Channel(made.id, PUBLIC_THREAD, title, forum.guild, forum, user)
        made.channel = thread
        self.world.channels[thread.id] = thread
        thread.awaits_first_message = True
        data = channel_json(thread, self.world.bot) | {"newly_created": True}
        await self.gateway.dispatch("THREAD_CREATE", data)
        await asyncio.sleep(first_message_after)
        thread.awaits_first_message = False
        await self.posting.publish(made)
        return thread

    # Commands

    async def slash(
        self, user: User, channel: Channel, name: str, /, **options: Any
    ) -> Interaction:
        """A person uses a registered command; `late=4` delivers it four seconds old."""
        late = options.pop("late", 0.0)
        data, resolved = self._command_data(user, channel, name, options)
        return await self._interact(COMMAND, user, channel, data, resolved, late)

    async def autocomplete(
        self, user: User, channel: Channel, name: str, focused: str, /, **options: Any
    ) -> Interaction:
        """A person types into an option; the choices come with the acknowledgement."""
        data, resolved = self._command_data(user, channel, name, options, focused)
        return await self._interact(AUTOCOMPLETE, user, channel, data, resolved)

    async def context_menu(
        self, user: User, channel: Channel, name: str, target: Message | User, late: float = 0.0
    ) -> Interaction:
        """A person right-clicks a message or a user."""
        if isinstance(target, Message):
            kind = MESSAGE_MENU
            inner = message_json(target, self.world)
            inner.pop("referenced_message", None)
            resolved: Json = {"messages": {str(target.id): inner}}
        else:
            kind, resolved = USER_MENU, {"users": {str(target.id): user_json(target)}}
        command = self.world.command(name, channel.guild, kind)
        self._allowed_here(command, channel, user)
        data = {"id": command["id"], "name": name, "type": kind, "target_id": str(target.id)}
        return await self._interact(COMMAND, user, channel, data, resolved, late)

    def _allowed_here(self, command: Json, channel: Channel, user: User) -> None:
        needed = command.get("default_member_permissions")
        have = self.world.permissions(user, channel)
        if needed is not None and channel.guild and int(needed) & ~have:
            raise LookupError(f"{user.name} is not offered {command['name']}: it needs {needed}.")
        contexts = command.get("contexts")
        context = context_of(channel)
        if contexts and context not in contexts:
            raise LookupError(f"{command['name']} is not offered in context {context}: {contexts}")
        if channel.guild and not channel.guild.has_bot:
            types = command.get("integration_types") or [SERVER_INSTALL]
            if USER_INSTALL not in types:
                raise LookupError(f"{command['name']} cannot be installed by users: {types}")

    def _command_data(
        self, user: User, channel: Channel, path: str, given: Json, focused: str | None = None
    ) -> tuple[Json, Json]:
        first, *rest = path.split()
        command = self.world.command(first, channel.guild, CHAT)
        self._allowed_here(command, channel, user)
        data: Json = {"id": command["id"], "name": first, "type": CHAT, "options": []}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        part, into = command, data["options"]
        for step in rest:
            part = next(o for o in part["options"] if o["name"] == step)
            into.append({"name": step, "type": part["type"], "options": []})
            into = into[-1]["options"]
        known = {o["name"]: o for o in part.get("options") or []}
        if any(o["type"] in (SUB_COMMAND, SUB_GROUP) for o in known.values()):
            raise LookupError(f"/{path} needs a sub-command: {sorted(known)}")
        if set(given) - set(known):
            raise LookupError(f"/{path} has the options {sorted(known)}, not {sorted(given)}.")
        missing = [n for n, o in known.items() if o.get("required") and n not in given]
        if missing and focused is None:
            raise LookupError(f"/{path} needs {missing}.")
        resolved: Json = {}
        for name, value in given.items():
            into.append(self._option(known[name], value, channel, resolved))
            if name == focused:
                into[-1]["focused"] = True
        return data, resolved

    def _option(self, option: Json, value: Any, channel: Channel, resolved: Json) -> Json:
        kind = option["type"]
        if kind in NATIVE:
            assert isinstance(value, NATIVE[kind]), f"{option['name']} takes a {NATIVE[kind]}"
            choices = [choice["value"] for choice in option.get("choices") or []]
            assert not choices or value in choices, f"{value!r} is none of {choices}"
        elif kind == USER_OPTION:
            resolved.setdefault("users", {})[str(value.id)] = user_json(value)
            if channel.guild:
                entry = member_json(value, channel.guild, self.world.bot, with_user=False)
                resolved.setdefault("members", {})[str(value.id)] = entry | {"permissions": "0"}
            value = str(value.id)
        elif kind == CHANNEL_OPTION:
            entry = channel_json(value, self.world.bot) | {"permissions": "0"}
            resolved.setdefault("channels", {})[str(value.id)] = entry
            value = str(value.id)
        elif kind == ATTACHMENT_OPTION:
            made = value if isinstance(value, dict) else self.posting.attach(channel, *value)
            resolved.setdefault("attachments", {})[made["id"]] = made
            value = made["id"]
        return {"name": option["name"], "type": kind, "value": value}

    # Components

    async def press(
        self,
        message: Message,
        custom_id: str | re.Pattern[str],
        user: User,
        *,
        values: list[str] | None = None,
        late: float = 0.0,
    ) -> Interaction:
        """A person presses a button, or chooses values in a select."""
        if message.deleted:
            raise LookupError("The message is gone.")
        if message.ephemeral and message.interaction and message.interaction.user is not user:
            raise LookupError("Only the person whom it was shown to can press there.")
        part = message.button(custom_id)
        if part.get("disabled"):
            raise LookupError(f"{custom_id} is disabled.")
        data: Json = {"custom_id": part["custom_id"], "component_type": part["type"]}
        data["id"] = part["id"]
        if values is not None:
            data["values"] = values
        return await self._interact(
            COMPONENT, user, message.channel, data, {}, late, source=message
        )

    async def submit(
        self, opened: Interaction, *, files: Sequence[Json] = (), **values: str
    ) -> Interaction:
        """A person fills a modal in; the names are the custom_ids of its inputs.

        ``files`` are uploaded attachments, for the one upload that it has.
        """
        assert opened.modal is not None, "No modal was opened."
        resolved = {"attachments": {one["id"]: one for one in files}} if files else {}
        components = []
        for part in opened.modal["components"]:
            inner = part.get("component") or part["components"][0]
            filled: Json = {"type": inner["type"], "id": 2, "custom_id": inner["custom_id"]}
            if inner["type"] == TEXT_INPUT:
                filled["value"] = values.pop(inner["custom_id"], inner.get("value") or "")
            elif inner["type"] == FILE_UPLOAD:
                filled["values"] = list(resolved.get("attachments", {}))
            else:
                filled["values"] = [
                    option["value"] for option in inner.get("options", ()) if option.get("default")
                ]
            row: Json = {"type": part["type"], "id": 1}
            row |= {"component": filled} if "component" in part else {"components": [filled]}
            components.append(row)
        assert not values, f"The modal has no inputs {sorted(values)}."
        data = {"custom_id": opened.modal["custom_id"], "components": components}
        return await self._interact(
            MODAL_SUBMIT, opened.user, opened.channel, data, resolved, source=opened.source
        )

    # The event

    async def _interact(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: Json,
        resolved: Json,
        late: float = 0.0,
        source: Message | None = None,
    ) -> Interaction:
        clock, world = self.world.clock, self.world
        made = Interaction(
            clock.snowflake(late),
            secrets.token_urlsafe(80),
            kind,
            user,
            channel,
            clock.now() - late,
            source=source,
        )
        world.interactions[made.id] = made
        world.tokens[made.token] = made
        if resolved:
            data["resolved"] = resolved
        body = interaction_json(made, data, world)
        await self.gateway.dispatch("INTERACTION_CREATE", body)
        return made
