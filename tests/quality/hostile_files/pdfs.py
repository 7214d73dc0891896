"""PDFs that attack their reader."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from tests.quality.hostile_files.case import Hostile, pdf, real, said


def pdfs() -> Iterator[Hostile]:
    group = "PDF attacks"
    hello = said("The ferry leaves at six.")
    flate = zlib.compress(bytes(400_000_000), 9)
    twice = zlib.compress(zlib.compress(bytes(400_000_000), 9), 9)

    def stream(data: bytes, entries: str) -> str:
        head = f"6 0 obj<<{entries}/Length {len(data)}>>stream"
        return f"{head}\n{data.decode('latin-1')}\nendstream endobj"

    def raw(objects: str, content: bytes = b"/X Do " + hello) -> bytes:
        return pdf(content, "OBJECTS").replace(b"OBJECTS", objects.encode("latin-1"))

    image = (
        "/Type/XObject/Subtype/Image/Width {0}/Height {0}/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    yield Hostile(
        group,
        "a page tree that contains itself",
        "a.pdf",
        lambda: pdf(hello, pages="/Count 9 /Kids [2 0 R 2 0 R 3 0 R]"),
    )
    yield Hostile(
        group,
        "a count of two billion pages",
        "a.pdf",
        lambda: pdf(hello, pages="/Count 2000000000 /Kids [3 0 R]"),
    )
    yield Hostile(
        group,
        "a negative count of pages",
        "a.pdf",
        lambda: pdf(hello, pages="/Count -5 /Kids [3 0 R]"),
    )
    yield Hostile(
        group,
        "ten thousand times the same page",
        "a.pdf",
        lambda: pdf(hello, pages="/Count 10000 /Kids [" + "3 0 R " * 10_000 + "]"),
    )
    yield Hostile(group, "arrays 100,000 deep", "a.pdf", lambda: pdf(b"[" * 100_000 + hello))
    yield Hostile(
        group,
        "dictionaries 100,000 deep",
        "a.pdf",
        lambda: pdf(hello, "6 0 obj" + "<</A " * 100_000 + "endobj"),
    )
    yield Hostile(group, "100,000 saved states", "a.pdf", lambda: pdf(b"q " * 100_000 + hello))
    yield Hostile(
        group,
        "a form that draws itself",
        "a.pdf",
        lambda: raw(
            stream(
                b"/X Do",
                "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>",
            )
        ),
    )
    yield Hostile(
        group,
        "a stream of 400 MB of zeros",
        "a.pdf",
        lambda: raw(stream(flate, "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Filter/FlateDecode")),
    )
    yield Hostile(
        group,
        "a stream folded twice",
        "a.pdf",
        lambda: raw(
            stream(
                twice, "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Filter[/FlateDecode/FlateDecode]"
            )
        ),
    )
    yield Hostile(
        group,
        "a picture of 60,000 by 60,000 dots",
        "a.pdf",
        lambda: raw(stream(b"x", image.format(60_000)), b"/X Do 1 g " + hello + b" 3 Tr "),
    )
    yield Hostile(
        group,
        "a broken JBIG2 picture under white text",
        "a.pdf",
        lambda: raw(
            stream(b"\0\xff" * 500, image.format(2000) + "/Filter/JBIG2Decode"),
            b"600 0 0 800 0 0 cm /X Do 1 g " + hello,
        ),
    )
    yield Hostile(
        group,
        "a broken JPEG 2000 picture under white text",
        "a.pdf",
        lambda: raw(
            stream(b"\xff\x4f\xff\x51" * 99, image.format(2000) + "/Filter/JPXDecode"),
            b"600 0 0 800 0 0 cm /X Do 1 g " + hello,
        ),
    )
    yield Hostile(
        group,
        "a page of 200 by 200 kilometres with white text",
        "a.pdf",
        lambda: pdf(b"1 g " + hello).replace(b"0 0 600 800", b"0 0 600000000 800000000"),
    )
    yield Hostile(
        group,
        "a page without a size",
        "a.pdf",
        lambda: pdf(hello).replace(b"0 0 600 800", b"0 0 0 0"),
    )
    yield Hostile(
        group,
        "a font that is no font",
        "a.pdf",
        lambda: pdf(hello, "5 0 obj<</Type/Font/Subtype/TrueType/FontDescriptor 9 0 R>>endobj"),
    )
    yield Hostile(
        group,
        "fonts a million points large",
        "a.pdf",
        lambda: pdf(hello.replace(b"/F 12", b"/F 1000000")),
    )
    yield Hostile(
        group,
        "a script that runs when it opens",
        "a.pdf",
        lambda: pdf(hello).replace(
            b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
        ),
    )
    yield Hostile(
        group,
        "a program that starts when it opens",
        "a.pdf",
        lambda: pdf(hello).replace(
            b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/Launch/F(/bin/sh)>>"
        ),
    )
    yield Hostile(group, "no objects at all", "a.pdf", lambda: b"%PDF-1.7\n%%EOF", "damaged PDF")
    yield Hostile(group, "only its first line", "a.pdf", lambda: b"%PDF-1.7", "damaged PDF")
    yield Hostile(
        group,
        "a signature and noise",
        "a.pdf",
        lambda: b"%PDF-1.4\n" + bytes(range(256)) * 400,
        "damaged PDF",
    )
    yield Hostile(group, "a page with nothing on it", "a.pdf", lambda: pdf(b""), "no text layer")
    yield Hostile(group, "under a password", "locked.pdf", lambda: real("locked.pdf"), "password")
