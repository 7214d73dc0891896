"""Starts the real `tumen bot` against the double: `python -m tests.discord_double.run_bot`.

Only the two addresses that discord.py would use are changed, from the environment, before the
product's own `main` runs; the product has no hook for tests.
"""

from __future__ import annotations

import os
import sys

import discord
import yarl


def point_discord_at_the_double() -> None:
    """Redirect discord.py's REST and gateway addresses."""
    discord.http.Route.BASE = os.environ["DOUBLE_API"]
    gateway = yarl.URL(os.environ["DOUBLE_GATEWAY"])
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway


def main() -> None:
    """Run `tumen bot`."""
    from bot.cli import main as tumen

    point_discord_at_the_double()
    sys.argv = ["tumen", "bot"]
    tumen()


if __name__ == "__main__":
    main()
