"""From bytes to clean text: the one place where encodings and control characters are met.

Nothing else is changed: letters are not normalised, since quotes are compared exactly.
"""

from __future__ import annotations

import codecs
import re

from ingest.parsed import RefusedError

# UTF-32 first: its little-endian mark begins with the one of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What texts of this world come in. Left to itself the detector also considers rarities such
# as ISO 8859-10, and then takes Polish for Sami.
_LEGACY_ENCODINGS = [
    "cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5",
    "cp949", "gb18030", "big5", "cp932", "euc_jp",
    "cp1252", "cp1250", "iso8859_2", "cp1253", "cp1254",
]  # fmt: skip
_WIDE_ENCODINGS = ["utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"]
# Browsers read these labels as the larger encoding on the right, and pages rely on it.
_LABELS = {
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949", "ks_c_5601": "cp949",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "shift_jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "shift-jis": "cp932",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso-8859-9": "cp1254", "big5-hkscs": "big5hkscs", "koi8": "koi8_r",
}  # fmt: skip

_CONTROL_BYTES = bytes(b for b in range(32) if b not in b"\t\n\x0b\x0c\r\x1b")
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028]")
# Control characters, invisible hyphens and byte order marks inside words, noncharacters,
# and halves of surrogate pairs, which no database can store.
_DEBRIS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\ufeff\ufffe\uffff\ud800-\udfff]")
_SAMPLE = 20_000


def decode(data: bytes, declared: str | None = None) -> str:
    """The clean text of a text file; ``declared`` is the encoding that the file itself names.

    Raises :class:`RefusedError` if the bytes are no text.
    """
    return clean(_decode(data, declared))


def clean(text: str) -> str:
    """Line breaks of all kinds become newlines; control characters and the like go."""
    text = _LINE_BREAKS.sub("\n", text).replace("\u2029", "\n\n")
    return _DEBRIS.sub("", text)


def _decode(data: bytes, declared: str | None) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for encoding in _escaped(data):
        text = _try(data, encoding)
        if text is not None:
            return text
    controls = len(data) - len(data.translate(None, delete=_CONTROL_BYTES))
    # A stray control character or two is dirt; more is another kind of file.
    if controls > 2 and controls * 200 > len(data):
        return _decode_wide(data)
    text = _try(data, "utf-8")
    if text is not None:
        return text
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if damaged * 20 < sum(character > "\x7f" for character in text) - damaged:
        return text  # UTF-8 with a broken byte: a detector would take it for something else
    label = (declared or "").strip().lower()
    text = _try(data, _LABELS.get(label, label)) if label else None
    return _detect(data, _LEGACY_ENCODINGS) if text is None else text


def _escaped(data: bytes) -> list[str]:
    """The encodings that switch between sets by escape sequences, all in 7-bit bytes."""
    if b"\x1b$" not in data:
        return []
    return ["iso2022_kr", "iso2022_jp_2"] if b"\x1b$)C" in data else ["iso2022_jp_2"]


def _decode_wide(data: bytes) -> str:
    text = _detect(data, _WIDE_ENCODINGS)
    sample = text[:_SAMPLE]
    odd = sum(not (character.isprintable() or character.isspace()) for character in sample)
    if odd * 50 > len(sample):
        raise _no_text()
    return text


def _detect(data: bytes, candidates: list[str]) -> str:
    # Imported late: nearly every file is UTF-8, and parser processes should start fast.
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=candidates).best()
    if best is None:
        raise _no_text()
    return data.decode(best.encoding, "replace")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _no_text() -> RefusedError:
    return RefusedError(
        "It is no text in an encoding that can be recognised; if it is a text, save it as UTF-8."
    )
