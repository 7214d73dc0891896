"""Texts, tables, web pages and RTF that attack their reader."""

from __future__ import annotations

from collections.abc import Iterator

from tests.quality.hostile_files.case import Hostile


def rtfs() -> Iterator[Hostile]:
    group = "RTF attacks"
    yield Hostile(group, "groups 500,000 deep", "a.rtf", lambda: b"{\\rtf1 " + b"{" * 500_000)
    yield Hostile(
        group, "closed more often than opened", "a.rtf", lambda: b"{\\rtf1 Six.}" + b"}" * 9
    )
    yield Hostile(
        group, "numbers without end", "a.rtf", lambda: b"{\\rtf1 \\u" + b"9" * 9_999 + b" x}"
    )
    yield Hostile(
        group,
        "characters that do not exist",
        "a.rtf",
        lambda: b"{\\rtf1 \\u1114112? \\u-99999? \\u55357? Six.}",
    )
    yield Hostile(group, "a missing number", "a.rtf", lambda: b"{\\rtf1\\uc\\u Six.}")
    yield Hostile(
        group, "an unknown code page", "a.rtf", lambda: b"{\\rtf1\\ansicpg99999 \\'e9 Six.}"
    )
    yield Hostile(
        group,
        "a picture of 5 MB",
        "a.rtf",
        lambda: b"{\\rtf1 {\\pict\\wmetafile8 " + b"0123456789abcdef" * 320_000 + b"} Six.}",
    )
    yield Hostile(
        group,
        "binary data longer than the file",
        "a.rtf",
        lambda: b"{\\rtf1 {\\pict\\bin99999999 x} Six.}",
    )
    yield Hostile(
        group,
        "a footnote that never ends",
        "a.rtf",
        lambda: b"{\\rtf1 Six.{\\footnote " + b"x" * 999,
        "damaged RTF",
    )
    yield Hostile(
        group,
        "fields that call programs",
        "a.rtf",
        lambda: b"{\\rtf1{\\field{\\*\\fldinst DDEAUTO c:\\\\cmd.exe}{\\fldrslt Six.}}}",
        never="cmd.exe",
    )
    yield Hostile(
        group,
        "an embedded program",
        "a.rtf",
        lambda: b"{\\rtf1{\\object\\objdata 4d5a9000} Six.}",
        never="4d5a",
    )


def texts() -> Iterator[Hostile]:
    group = "broken texts"
    yield Hostile(group, "noise", "a.txt", lambda: bytes(range(256)) * 40, "save it as UTF-8")
    yield Hostile(group, "zeros", "a.txt", lambda: bytes(100_000), "empty")
    yield Hostile(group, "one line of 4 MB", "a.txt", lambda: b"word " * 800_000)
    yield Hostile(
        group,
        "more than five million characters",
        "a.txt",
        lambda: b"word. " * 900_000,
        "5,000,000",
    )
    yield Hostile(group, "50,000 headings", "a.md", lambda: b"# a\n" * 50_000)
    yield Hostile(group, "quotes 50,000 deep", "a.md", lambda: b">" * 50_000 + b" Six.")
    yield Hostile(group, "brackets 50,000 deep", "a.md", lambda: b"[" * 50_000 + b"Six.")
    yield Hostile(
        group,
        "front matter 5,000 deep",
        "a.md",
        lambda: b"---\na: " + b"[" * 5_000 + b"\n---\nSix.",
        "nested too deeply",
    )
    yield Hostile(
        group,
        "front matter that calls a function",
        "a.md",
        lambda: b"---\na: !!python/object/apply:os.system [id]\n---\nSix.",
    )
    yield Hostile(
        group,
        "front matter that multiplies itself",
        "a.md",
        lambda: (
            b"---\na: &a [x,x]\n"
            + b"".join(
                b"%c: &%c [%s]\n" % (n + 1, n + 1, b",".join([b"*%c" % n] * 9))
                for n in range(97, 110)
            )
            + b"---\nSix."
        ),
    )
    yield Hostile(
        group,
        "elements 100,000 deep",
        "a.html",
        lambda: b"<html><body>" + b"<div>" * 100_000 + b"Six.",
        "no readable article",
    )
    yield Hostile(
        group, "a million tags that never end", "a.html", lambda: b"<html><body>" + b"<p" * 900_000
    )
    yield Hostile(
        group,
        "a comment that never ends",
        "a.html",
        lambda: b"<html><!--" + b"-" * 900_000,
        "no readable article",
    )
    yield Hostile(
        group,
        "a quotation that never ends",
        "a.csv",
        lambda: b'a,b\n"' + b"x,y\n" * 200_000,
        "damaged table",
    )
    yield Hostile(
        group, "100,000 columns", "a.csv", lambda: b"a," * 100_000 + b"\n" + b"1," * 100_000
    )
    yield Hostile(group, "delimiters alone", "a.csv", lambda: b",;|\t" * 50_000, "empty")
    yield Hostile(group, "a formula in a cell", "a.csv", lambda: b"a,b\n=cmd|'/c calc'!A1,1\n")
    yield Hostile(group, "half of a surrogate pair", "a.csv", lambda: b"a,b\n\xed\xa0\x80,1\n")
