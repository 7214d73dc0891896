"""Reading what a message shows, as a person would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord


def tree(message: Any) -> list[dict[str, Any]]:
    """The components of any kind of message as data."""
    if isinstance(message, discord.Message):
        return [component.to_dict() for component in message.components]
    return message.components


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for single in ("accessory", "component"):
            if component.get(single):
                yield from walk([component[single]])


def texts(message: Any) -> str:
    return "\n".join(c["content"] for c in walk(tree(message)) if c["type"] == 10)


def buttons(message: Any) -> list[dict[str, Any]]:
    return [c for c in walk(tree(message)) if c["type"] == 2]


def labels(message: Any) -> list[str]:
    return [button.get("label", "") for button in buttons(message)]


def answer_id(message: Any) -> str:
    """The id under which the record has what a message shows."""
    custom = next(b["custom_id"] for b in buttons(message) if b.get("custom_id"))
    return custom.split(":")[2]


def accent(message: Any) -> int:
    return next(c["accent_color"] for c in tree(message) if c["type"] == 17)


def acknowledgement(env: Any) -> int:
    """How the last interaction was acknowledged: 4 with a message, 5 deferred."""
    return next(r.json["type"] for r in reversed(env.http_requests) if r.path.endswith("/callback"))
