"""What Discord refuses in a message although its API description allows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.discord_double.world import COMPONENTS_V2, TEXT_DISPLAY, Json, walk

CONTENT_LIMIT, EMBED_LIMIT, V2_TEXT_LIMIT, V2_COMPONENTS = 2000, 6000, 4000, 40
ROWS, ROW_BUTTONS, CUSTOM_ID, LABEL, URL = 5, 5, 100, 80, 512
ROW, BUTTON, SECTION, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 1, 2, 9, 11, 12, 13, 14, 17
SELECTS = (3, 5, 6, 7, 8)
LINK, PREMIUM = 5, 6
TOP_V2 = {ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER}
INSIDE = {
    ROW: {BUTTON, *SELECTS},
    SECTION: {TEXT_DISPLAY},
    CONTAINER: TOP_V2 - {CONTAINER},
}
EMPTY, INVALID = 50006, 50035


class Fault(NamedTuple):
    """One thing that Discord would answer 400 to."""

    code: int
    place: str
    text: str


def message_faults(body: Json, *, before: Json | None = None, files: int = 0) -> list[Fault]:
    """What is wrong with a message body; ``before`` is the message that it edits."""
    whole = {**(before or {}), **{k: v for k, v in body.items() if k != "flags"}}
    flags = int(body.get("flags") or 0) | (int((before or {}).get("flags") or 0) & COMPONENTS_V2)
    components = whole.get("components") or []
    kept = len(whole.get("attachments") or []) if before else 0
    found = list(_content(whole, files or kept, components))
    if flags & COMPONENTS_V2:
        found += _v2(whole, components)
    else:
        found += _v1(components)
    found += _interactive(components)
    return found


def _content(whole: Json, files: int, components: list[Json]) -> Iterator[Fault]:
    content = whole.get("content") or ""
    if len(content) > CONTENT_LIMIT:
        yield Fault(INVALID, "content", f"Must be {CONTENT_LIMIT} or fewer in length.")
    something = [content.strip(), whole.get("embeds"), components, files, whole.get("sticker_ids")]
    if not any(something) and not whole.get("poll"):
        yield Fault(EMPTY, "", "Cannot send an empty message")
    total = sum(_embed_length(embed) for embed in whole.get("embeds") or [])
    if total > EMBED_LIMIT:
        yield Fault(INVALID, "embeds", f"Embed size exceeds maximum size of {EMBED_LIMIT}")


def _embed_length(embed: Json) -> int:
    parts = [embed.get("title"), embed.get("description")]
    parts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    for row in embed.get("fields") or []:
        parts += [row["name"], row["value"]]
    return sum(len(part) for part in parts if part)


def _v1(components: list[Json]) -> Iterator[Fault]:
    if len(components) > ROWS:
        yield Fault(INVALID, "components", f"Must be between 1 and {ROWS} in length.")
    for index, row in enumerate(components):
        if row.get("type") != ROW:
            yield Fault(
                INVALID, f"components.{index}.type", "Needs the Components V2 flag (1 << 15)."
            )


def _v2(whole: Json, components: list[Json]) -> Iterator[Fault]:
    for name in ("content", "embeds", "sticker_ids", "poll"):
        if whole.get(name):
            yield Fault(INVALID, name, f"The '{name}' field cannot be used with Components V2")
    parts = list(walk(components))
    if len(parts) > V2_COMPONENTS:
        yield Fault(INVALID, "components", f"{len(parts)} components; at most {V2_COMPONENTS}.")
    if not parts:
        yield Fault(EMPTY, "", "Cannot send an empty message")
    texts = [part.get("content") or "" for part in parts if part.get("type") == TEXT_DISPLAY]
    if sum(map(len, texts)) > V2_TEXT_LIMIT:
        total = sum(map(len, texts))
        yield Fault(INVALID, "components", f"{total} characters of text; at most {V2_TEXT_LIMIT}.")
    if not all(text.strip() for text in texts):
        yield Fault(INVALID, "components", "A text display must not be empty.")
    given = [part["id"] for part in parts if part.get("id")]
    if len(set(given)) < len(given):
        yield Fault(INVALID, "components", "Component ids must be unique.")
    yield from _nesting(components, TOP_V2, "components")


def _nesting(components: list[Json], allowed: set[int], place: str) -> Iterator[Fault]:
    for index, part in enumerate(components):
        here, kind = f"{place}.{index}", part.get("type", 0)
        if kind not in allowed:
            yield Fault(INVALID, f"{here}.type", f"Type {kind} cannot stand here.")
        if kind in (SECTION, CONTAINER) and not part.get("components"):
            yield Fault(INVALID, here, "Must have components.")
        if kind == SECTION:
            if len(part.get("components") or []) > 3:
                yield Fault(INVALID, here, "A section holds at most 3 texts.")
            if (part.get("accessory") or {}).get("type") not in (BUTTON, THUMBNAIL):
                yield Fault(INVALID, f"{here}.accessory", "This field is required")
        if kind in (SECTION, CONTAINER):
            yield from _nesting(part.get("components") or [], INSIDE[kind], here)


def _interactive(components: list[Json]) -> Iterator[Fault]:
    parts = list(walk(components))
    for part in parts:
        if part.get("type") == ROW:
            yield from _row(part.get("components") or [])
        elif part.get("type") == BUTTON:
            yield from _button(part)
        elif part.get("type") in SELECTS:
            yield from _select(part)
    ids = [part["custom_id"] for part in parts if part.get("custom_id")]
    for repeated in sorted({given for given in ids if ids.count(given) > 1}):
        yield Fault(INVALID, "components", f"Component custom id cannot be duplicated: {repeated}")


def _row(inside: list[Json]) -> Iterator[Fault]:
    kinds = [part.get("type") for part in inside]
    selects = sum(kind in SELECTS for kind in kinds)
    if not kinds:
        yield Fault(INVALID, "components", "A row must not be empty.")
    if len(kinds) > ROW_BUTTONS or selects > 1:
        yield Fault(INVALID, "components", "The row is too wide: 5 buttons or 1 select.")
    if selects and BUTTON in kinds:
        yield Fault(INVALID, "components", "A row holds buttons or a select, not both.")
    if any(kind not in INSIDE[ROW] for kind in kinds):
        yield Fault(INVALID, "components", f"Something in a row is no button or select: {kinds}")


def _button(part: Json) -> Iterator[Fault]:
    style, custom_id, url = part.get("style"), part.get("custom_id"), part.get("url")
    if style == LINK:
        if not url or not re.match(r"(https?|discord)://", url) or len(url) > URL:
            yield Fault(INVALID, "url", f"A link button needs a proper URL, not {url!r}.")
        if custom_id:
            yield Fault(INVALID, "custom_id", "A link button cannot have a custom_id.")
    elif style != PREMIUM:
        yield from _custom_id(custom_id)
        if url:
            yield Fault(INVALID, "url", "Only a link button can have a URL.")
    if style != PREMIUM and not part.get("label") and not part.get("emoji"):
        yield Fault(INVALID, "label", "A button needs a label or an emoji.")
    if len(part.get("label") or "") > LABEL:
        yield Fault(INVALID, "label", f"Must be {LABEL} or fewer in length.")


def _custom_id(custom_id: str | None) -> Iterator[Fault]:
    if not custom_id:
        yield Fault(INVALID, "custom_id", "A custom id is required.")
    elif len(custom_id) > CUSTOM_ID:
        yield Fault(INVALID, "custom_id", f"Must be {CUSTOM_ID} or fewer in length.")


def _select(part: Json) -> Iterator[Fault]:
    yield from _custom_id(part.get("custom_id"))
    if part.get("type") == SELECTS[0]:
        values = [option.get("value") for option in part.get("options") or []]
        if not 1 <= len(values) <= 25:
            yield Fault(INVALID, "options", "Must be between 1 and 25 in length.")
        if len(set(values)) < len(values):
            yield Fault(INVALID, "options", "Option values must be unique.")
