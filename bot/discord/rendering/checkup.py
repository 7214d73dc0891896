"""What the doctor found: faults first, each with its remedy."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.discord.language import say, say_counted
from bot.discord.rendering.page import ROOM, Accent, Page, boxed, rule
from bot.doctor import Finding


def checkup_page(findings: Sequence[Finding], invite: str) -> Page:
    """The findings and the link that invites the bot with what it needs."""
    faults = [finding for finding in findings if not finding.healthy]
    fine = [finding.what for finding in findings if finding.healthy]
    lead = "### " + (
        say_counted("Doctor: {n} thing to mend", "Doctor: {n} things to mend", len(faults))
        if faults
        else say("Doctor: all is well")
    )
    told = [f"**✗ {fault.what}**\n→ {fault.remedy}" for fault in faults]
    shown: list[str] = []
    length = 0
    for text in told:
        length += len(text)
        if length > ROOM:
            left = len(told) - len(shown)
            shown.append("-# " + say("and {number} more; mend these first.", number=left))
            break
        shown.append(text)
    return Page(
        (
            boxed(
                Accent.MISSING if faults else Accent.COMPLETE,
                lead,
                "\n\n".join(shown) if shown else None,
                rule() if faults else None,
                "\n".join(f"-# ✓ {what}" for what in fine),
                ui.ActionRow(
                    ui.Button(
                        style=discord.ButtonStyle.link,
                        label=say("Invite me with the right permissions"),
                        url=invite,
                    )
                ),
            ),
        )
    )
