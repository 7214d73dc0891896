"""Zips that are bombs or broken: the formats of offices and e-books."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.quality.hostile_files.case import (
    DOCX,
    EPUB,
    FILES,
    MAIN_PARTS,
    ODT,
    PPTX,
    Hostile,
    real,
    with_part,
    zipped,
)


def zip_bombs() -> Iterator[Hostile]:
    group = "zip bombs"
    for name in MAIN_PARTS:
        suffix = Path(name).suffix
        yield Hostile(
            group,
            f"40 MB of zeros in {suffix}",
            name,
            lambda n=name: with_part(n, "bomb.bin", bytes(40_000_000)),
            "unfolds to",
        )
        yield Hostile(
            group, f"10,500 entries in {suffix}", name, lambda n=name: _many(n), "unfolds to"
        )
        yield Hostile(
            group,
            f"a main part of 60 MB of spaces in {suffix}",
            name,
            lambda n=name: with_part(n, MAIN_PARTS[n], b" " * 60_000_000),
            "unfolds to",
        )
        yield Hostile(
            group, f"a size that lies in {suffix}", name, lambda n=name: _lying(n), "damaged"
        )
        yield Hostile(
            group, f"overlapping entries in {suffix}", name, lambda n=name: _overlapping(n)
        )
    inner = zipped({"a.txt": bytes(10_000_000)})
    for _ in range(3):
        inner = zipped({f"{n}.zip": inner for n in range(10)})
    yield Hostile(group, "zips in zips in zips", "nested.docx", lambda i=inner: i, "damaged Word")
    yield Hostile(
        group, "zips in zips in a plain zip", "nested.zip", lambda i=inner: i, "an archive"
    )


def _many(name: str) -> bytes:
    with zipfile.ZipFile(FILES / name) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    return zipped(entries | {f"x/{n}": b"" for n in range(10_500)}, zipfile.ZIP_STORED)


def _lying(name: str) -> bytes:
    data = with_part(name, MAIN_PARTS[name], b"<a>" + b"x" * 7_654_321 + b"</a>")
    return data.replace((7_654_328).to_bytes(4, "little"), (900).to_bytes(4, "little"))


def _overlapping(name: str) -> bytes:
    """A directory whose entries all point to one and the same place."""
    data = bytearray(real(name))
    places = [at for at in range(len(data) - 46) if data[at : at + 4] == b"PK\x01\x02"]
    for at in places[1:]:
        data[at + 42 : at + 46] = data[places[0] + 42 : places[0] + 46]
    return bytes(data)


def broken_zips() -> Iterator[Hostile]:
    group = "broken zips"
    for name, part in MAIN_PARTS.items():
        suffix = Path(name).suffix
        yield Hostile(
            group, f"no main part in {suffix}", name, lambda n=name, p=part: _without(n, p), None
        )
        yield Hostile(group, f"zeros in the middle of {suffix}", name, lambda n=name: _zeroed(n))
        yield Hostile(group, f"empty {suffix}", name, lambda: zipped({}), "damaged")
        yield Hostile(group, f"encrypted parts in {suffix}", name, lambda n=name: _encrypted(n))
    yield Hostile(
        group,
        "names that climb out of the folder",
        DOCX,
        lambda: with_part(DOCX, "../../../tmp/tumen-was-here", b"x"),
    )
    yield Hostile(
        group,
        "an e-book that links outside itself",
        EPUB,
        lambda: with_part(
            EPUB,
            "META-INF/container.xml",
            b'<container><rootfile full-path="../../etc/passwd"/></container>',
        ),
        "damaged e-book",
    )
    yield Hostile(
        group,
        "an e-book under copy protection",
        EPUB,
        lambda: with_part(
            EPUB,
            "META-INF/encryption.xml",
            b"<encryption xmlns='u'><EncryptedData><EncryptionMethod "
            b"Algorithm='aes'/></EncryptedData></encryption>",
        ),
        "copy protection",
    )
    yield Hostile(
        group,
        "an OpenDocument text under a password",
        ODT,
        lambda: with_part(ODT, "META-INF/manifest.xml", b"<m><encryption-data/></m>"),
        "password",
    )


def _without(name: str, part: str) -> bytes:
    with zipfile.ZipFile(FILES / name) as archive:
        return zipped({entry: archive.read(entry) for entry in archive.namelist() if entry != part})


def _zeroed(name: str) -> bytes:
    data = bytearray(real(name))
    middle = len(data) // 2
    data[middle - 500 : middle + 500] = bytes(1000)
    return bytes(data)


def _encrypted(name: str) -> bytes:
    """The flag that says so, in each entry of the directory."""
    data = bytearray(real(name))
    for at in range(len(data) - 46):
        if data[at : at + 4] == b"PK\x01\x02":
            data[at + 8] |= 1
        if data[at : at + 4] == b"PK\x03\x04":
            data[at + 6] |= 1
    return bytes(data)


def cut_off() -> Iterator[Hostile]:
    for name in ("report.pdf", DOCX, ODT, EPUB, PPTX, "report.rtf"):
        for share in (0.1, 0.5, 0.9):
            yield Hostile(
                "cut off",
                f"{name} after {share:.0%}",
                name,
                lambda n=name, s=share: real(n)[: int(len(real(n)) * s)],
            )
