"""The form in which the details of a document are corrected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from bot.discord.controls import CarefulModal
from bot.discord.language import retell, say
from bot.discord.rendering.text import cut
from store.model import KINDS, Detail, Metadata

LONGEST_DETAIL = 300
UNKNOWN_KIND = "unknown"


class DetailsModal(CarefulModal):
    """The details of a document that a reader judges it by, to be corrected."""

    def __init__(self, title: str, metadata: Metadata) -> None:
        super().__init__(title)
        self._inputs: dict[Detail, ui.TextInput[Any]] = {}
        self._text("title", say("Title"), metadata.title)
        self._text("publisher", say("Publisher"), metadata.publisher)
        self._text(
            "published", say("Published"), metadata.published, say("2024-12-04, 2024-12 or 2024")
        )
        self._text("language", say("Language"), metadata.language, "en, ko, ru, zh, …")
        self._kind: ui.Select[Any] = ui.Select(
            custom_id="kind",
            options=[
                discord.SelectOption(
                    label=retell(kind), value=kind, default=kind == _kind(metadata)
                )
                for kind in KINDS
            ],
        )
        self.add_item(ui.Label(text=say("Kind of source"), component=self._kind))

    def _text(self, detail: Detail, label: str, value: str | None, hint: str = "") -> None:
        made: ui.TextInput[Any] = ui.TextInput(
            custom_id=detail,
            default=cut(value, LONGEST_DETAIL) if value else None,
            placeholder=hint or None,
            required=detail == "title",
            max_length=LONGEST_DETAIL,
        )
        self._inputs[detail] = made
        self.add_item(ui.Label(text=label, component=made))

    def typed(self, before: Metadata) -> Mapping[Detail, str | None]:
        """The details that were changed."""
        changed: dict[Detail, str | None] = {}
        for detail, one in self._inputs.items():
            shown: str = getattr(before, detail) or ""
            if one.value.strip() != cut(shown, LONGEST_DETAIL):
                changed[detail] = one.value
        [kind] = self._kind.values or [_kind(before)]
        if kind != _kind(before):
            changed["kind"] = kind
        return changed


def _kind(metadata: Metadata) -> str:
    return metadata.kind if metadata.kind in KINDS else UNKNOWN_KIND
