"""The REST routes about the application's commands."""

from __future__ import annotations

from aiohttp import web

from tests.discord_double.answers import answer, invalid
from tests.discord_double.command_rules import command_faults
from tests.discord_double.gateway import Gateway
from tests.discord_double.incoming import INCOMING
from tests.discord_double.world import World


class CommandRoutes:
    """Commands, global and per server, replaced whole and given ids."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world, self.gateway, self.clock = world, gateway, world.clock

    def add_to(self, app: web.Application, prefix: str) -> None:
        """Register every route."""
        for scope in (
            "/applications/{app}/commands",
            "/applications/{app}/guilds/{guild}/commands",
        ):
            app.router.add_get(prefix + scope, self.commands)
            app.router.add_put(prefix + scope, self.put_commands)

    async def commands(self, request: web.Request) -> web.Response:
        """The registered commands."""
        return answer(self.world.commands.get(_scope(request), []))

    async def put_commands(self, request: web.Request) -> web.Response:
        """Replace the registered commands; answers with their ids."""
        body = request[INCOMING].body
        faults = command_faults(body)
        if faults:
            raise invalid(faults)
        scope = _scope(request)
        old = {(c["name"], c["type"]): c["id"] for c in self.world.commands.get(scope, [])}
        made = []
        for command in body:
            kind = command.get("type", 1)
            filled = {"type": kind, "description": "", "options": [], **command}
            filled["id"] = old.get((command["name"], kind)) or str(self.clock.snowflake())
            filled["application_id"] = str(self.world.app_id)
            filled["version"] = str(self.clock.snowflake())
            filled.setdefault("default_member_permissions", None)
            filled.setdefault("nsfw", False)
            if scope is not None:
                filled["guild_id"] = str(scope)
            made.append(filled)
        self.world.commands[scope] = made
        self.world.command_puts.append((scope, body))
        self.gateway.changed()
        return answer(made)


def _scope(request: web.Request) -> int | None:
    guild = request.match_info.get("guild")
    return int(guild) if guild else None
