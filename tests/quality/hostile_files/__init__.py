"""Files that are hostile or broken, in classes, each with what has to become of it.

One list for the tests and for ``python -m tests.quality.hostile_files``. Nothing here is
harmful to look at: bombs are small until somebody unfolds them, and they are made on demand.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

from ingest.parsed import ParsedDocument, RefusedError
from tests.quality.hostile_files import deceptions, pdfs, texts, xml_parts, zips
from tests.quality.hostile_files.case import Hostile


def hostile_files() -> Iterator[Hostile]:
    """All of them, class by class."""
    yield from zips.zip_bombs()
    yield from zips.broken_zips()
    yield from zips.cut_off()
    yield from xml_parts.xml_attacks()
    yield from pdfs.pdfs()
    yield from texts.rtfs()
    yield from texts.texts()
    yield from deceptions.disguises()
    yield from deceptions.hidden()


def outcome_of(file: Hostile, future: Future[ParsedDocument]) -> str:
    """``refused``, ``stopped`` (its process crashed or met a limit), ``read``, or ``wrong: …``."""
    try:
        document = future.result(120)
    except RefusedError as refusal:
        sentence = str(refusal)
        if file.says is not None and file.says not in sentence:
            return f"wrong: {sentence}"
        stopped = ("makes its reader crash", "longer than", "more memory")
        return "stopped" if any(words in sentence for words in stopped) else "refused"
    if file.says is not None:
        return "wrong: it was read"
    if file.never is not None and file.never in document.text:
        return f"wrong: it says {file.never!r}"
    return "read" if _has_valid_ranges(document) else "wrong: its ranges do not fit its text"


def _has_valid_ranges(document: ParsedDocument) -> bool:
    """Whether all blocks hold text, in order and apart, and all references lie in the text."""
    places = [0, *(place for block in document.blocks for place in (block.start, block.end))]
    in_order = places == sorted(places) and places[-1] <= len(document.text)
    filled = all(document.text[block.start : block.end].strip() for block in document.blocks)
    return (
        in_order
        and filled
        and all(0 <= some.start < some.end <= len(document.text) for some in document.references)
    )
