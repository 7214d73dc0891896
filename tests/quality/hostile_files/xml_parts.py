"""XML that attacks its reader, inside office formats and e-books, and in web pages."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.quality.hostile_files.case import DOCX, EPUB, FILES, MAIN_PARTS, Hostile, W, with_part

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'


def xml_attacks() -> Iterator[Hostile]:
    group = "XML attacks"
    for name, part in MAIN_PARTS.items():
        suffix = Path(name).suffix
        for what, doctype, use in (
            ("a billion laughs", LAUGHS, "&i;"),
            ("a file as an entity", EXTERNAL, "&i;"),
            ("a DTD from elsewhere", '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', ""),
        ):
            says = "XML entities" if doctype == EXTERNAL and suffix != ".pptx" else None
            make = lambda n=name, p=part, d=doctype, u=use: with_part(n, p, _injected(n, p, d, u))  # noqa: E731
            yield Hostile(group, f"{what} in {suffix}", name, make, says, never="root:")
        deep = b"<a>" * 100_000 + b"</a>" * 100_000
        yield Hostile(
            group,
            f"100,000 elements deep in {suffix}",
            name,
            lambda n=name, p=part, d=deep: with_part(n, p, d),
            "damaged",
        )
        yield Hostile(
            group,
            f"not XML at all in {suffix}",
            name,
            lambda n=name, p=part: with_part(n, p, b"\0\1\2 <<<"),
            "damaged",
        )
        yield Hostile(
            group,
            f"another kind of XML in {suffix}",
            name,
            lambda n=name, p=part: with_part(n, p, b"<svg xmlns='x'/>"),
            "without text" if name == EPUB else "damaged",
        )
    yield Hostile(
        group,
        "a billion laughs in a web page",
        "a.html",
        f"{LAUGHS}<html><body><p>&i; The ferry leaves.</p></body></html>".encode,
    )
    yield Hostile(
        group,
        "entities in Word's footnotes",
        DOCX,
        lambda: with_part(
            DOCX, "word/footnotes.xml", f"{EXTERNAL}<w:footnotes {W}>&i;</w:footnotes>".encode()
        ),
        "XML entities",
    )


def _injected(name: str, part: str, doctype: str, use: str) -> bytes:
    """A part with a document type, and a use of its entity before the first end of a tag."""
    with zipfile.ZipFile(FILES / name) as archive:
        text = archive.read(part).decode()
    start = text.find("?>") + 2
    head, body = text[:start], text[start:]
    at = body.rindex("</")
    return f"{head}{doctype}{body[:at]}{use}{body[at:]}".encode()
