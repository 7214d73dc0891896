"""Servers that answer slowly, without end, wrongly, or with what is no document."""

from __future__ import annotations

import gzip
import zlib

from tests.ingest.fetching.cases import (
    BOMB,
    BUSY,
    GOOD,
    HTML,
    ODD,
    SIZE,
    STORY,
    STORY_BYTES,
    TAKEN,
    Case,
    at,
    drip,
    flood,
    hold,
    raw,
)
from tests.ingest.fetching.web import http

_ZSTD = bytes.fromhex("28b52ffd2400010000")
SLOW = [
    Case(
        "slow and endless answers",
        what,
        "http://site.example:{port}/story",
        refused,
        pages={"site.example/story": reply},
        seconds=0.4 if refused == BUSY else 10,
    )
    for what, reply, refused in (
        ("says nothing", hold(b""), BUSY),
        ("stops in the status line", hold(b"HTTP/1.1 200"), BUSY),
        ("stops in the headers", hold(b"HTTP/1.1 200 OK\r\nContent-Type: text"), BUSY),
        ("stops in the body", hold(http(STORY)[:-40]), BUSY),
        ("drips headers", drip(b"HTTP/1.1 200 OK\r\n", b"X"), BUSY),
        ("drips the body", drip(raw("HTTP/1.1 200 OK\n" + HTML), b"a"), BUSY),
        (
            "drips chunks",
            drip(raw(f"HTTP/1.1 200 OK\n{HTML}\nTransfer-Encoding: chunked"), b"1\r\na\r\n"),
            BUSY,
        ),
        ("is about to go on (100) for ever", drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), BUSY),
        ("endless body", flood(raw("HTTP/1.1 200 OK\n" + HTML), b"a" * 60_000), "bigger than"),
        (
            "endless chunks",
            flood(
                raw(f"HTTP/1.1 200 OK\n{HTML}\nTransfer-Encoding: chunked"),
                b"8000\r\n" + b"a" * 0x8000 + b"\r\n",
            ),
            "bigger than",
        ),
        (
            "endless body of an error",
            flood(raw("HTTP/1.1 404 Not Found\n" + HTML), b"a" * 60_000),
            "no page at this link|bigger than",
        ),
    )
]

FRAMING = at(
    "broken lengths and framing",
    ("longer than it says", http(STORY, Content_Length=str(len(STORY_BYTES) - 30)), ODD, TAKEN),
    ("shorter than it says", http(STORY, Content_Length="99999"), "broke off", ""),
    ("ten terabytes, it says", http(STORY, Content_Length="10000000000000"), "bigger than", ""),
    ("a negative length", http(STORY, Content_Length="-5"), ODD, ""),
    ("a length in words", http(STORY, Content_Length="forty"), ODD, ""),
    ("a length of a hundred digits", http(STORY, Content_Length="9" * 100), ODD + "|bigger", ""),
    (
        "two lengths",
        raw(f"HTTP/1.1 200 OK\n{HTML}\nContent-Length: 9\nContent-Length: 5", STORY_BYTES),
        ODD,
        "",
    ),
    (
        "a length and chunks",
        raw(
            f"HTTP/1.1 200 OK\n{HTML}\nContent-Length: 5\nTransfer-Encoding: chunked",
            b"5\r\n<p>hi\r\n0\r\n\r\n",
        ),
        ODD,
        "",
    ),
    (
        "chunks that are none",
        raw(f"HTTP/1.1 200 OK\n{HTML}\nTransfer-Encoding: chunked", STORY_BYTES),
        ODD,
        "",
    ),
    (
        "a chunk of 2^80 bytes",
        raw(
            f"HTTP/1.1 200 OK\n{HTML}\nTransfer-Encoding: chunked",
            b"1" + b"0" * 20 + b"\r\n" + STORY_BYTES,
        ),
        ODD,
        "",
    ),
    (
        "a chunk of negative size",
        raw(f"HTTP/1.1 200 OK\n{HTML}\nTransfer-Encoding: chunked", b"-5\r\n" + STORY_BYTES),
        ODD,
        "",
    ),
    (
        "no last chunk",
        raw(f"HTTP/1.1 200 OK\n{HTML}\nTransfer-Encoding: chunked", b"5\r\n<p>hi\r\n"),
        "broke off",
        "",
    ),
    (
        "an unknown transfer coding",
        raw(f"HTTP/1.1 200 OK\n{HTML}\nTransfer-Encoding: rot13", STORY_BYTES),
        ODD,
        TAKEN,
    ),
    ("no length, ended by hanging up", raw("HTTP/1.1 200 OK\n" + HTML, STORY_BYTES), "", TAKEN),
    ("hangs up at once", b"", ODD, ""),
    ("hangs up in the status line", b"HTTP/1.1 2", ODD, ""),
    ("hangs up in the headers", b"HTTP/1.1 200 OK\r\nContent-Ty", ODD, ""),
    ("HTTP/0.9", STORY_BYTES, ODD, ""),
    ("HTTP/7.3", GOOD.replace(b"HTTP/1.1", b"HTTP/7.3"), ODD, ""),
    ("an SSH server", b"SSH-2.0-OpenSSH_9.6\r\n", ODD, ""),
    ("a mail server", b"220 mail.example ESMTP\r\n", ODD, ""),
    ("noise", bytes(range(256)) * 8, ODD, ""),
    ("a bigger page than allowed", http("<p>" + "a" * SIZE), "bigger than", ""),
    (
        "a bigger one without length",
        raw("HTTP/1.1 200 OK\n" + HTML, b"a" * (SIZE + 1)),
        "bigger than",
        "",
    ),
)

HEADERS = at(
    "headers",
    (
        "ten thousand of them",
        raw("HTTP/1.1 200 OK\n" + "\n".join(f"X-{n}: y" for n in range(10_000))),
        ODD,
        "",
    ),
    ("one of a megabyte", http(STORY, X_Long="y" * 1_000_000), ODD, ""),
    ("a name of a megabyte", http(STORY, **{"X" * 1_000_000: "y"}), ODD, ""),
    ("a status line of a megabyte", http(STORY, "200 " + "O" * 1_000_000), ODD, ""),
    (
        "a hundred cookies",
        raw(
            f"HTTP/1.1 200 OK\n{HTML}\n"
            + "\n".join(f"Set-Cookie: c{n}=v; Path=/" for n in range(100)),
            STORY_BYTES,
        ),
        "",
        TAKEN,
    ),
    ("a NUL in one", http(STORY, X_Odd="a\0b"), ODD, ""),
    ("one without a colon", raw(f"HTTP/1.1 200 OK\n{HTML}\nnonsense", STORY_BYTES), ODD, ""),
    ("one with a space in its name", raw(f"HTTP/1.1 200 OK\n{HTML}\nX Y: z", STORY_BYTES), ODD, ""),
    ("none at all", raw("HTTP/1.1 200 OK", STORY_BYTES), "", TAKEN),
    ("bare line feeds", GOOD.replace(b"\r\n", b"\n"), ODD, TAKEN),
    ("letters of no encoding", http(STORY).replace(b"text/html", b"text/\xff\xfe"), "", TAKEN),
)

COMPRESSION = at(
    "compression",
    ("well-formed gzip", http(gzip.compress(STORY_BYTES), Content_Encoding="gzip"), "", TAKEN),
    (
        "gzip in two members",
        http(
            gzip.compress(STORY_BYTES[:90]) + gzip.compress(STORY_BYTES[90:]),
            Content_Encoding="gzip",
        ),
        "",
        TAKEN,
    ),
    ("a gzip bomb (80 MB)", http(BOMB, Content_Encoding="gzip"), "bigger than", ""),
    (
        "a bomb of many members",
        http(gzip.compress(bytes(9_000)) * 900, Content_Encoding="gzip"),
        "bigger than",
        "",
    ),
    ("gzip in gzip", http(gzip.compress(BOMB), Content_Encoding="gzip, gzip"), "did not ask", ""),
    ("br", http(b"\x0b\x02\x80hello\x03", Content_Encoding="br"), "did not ask", ""),
    ("zstd", http(_ZSTD * 100, Content_Encoding="zstd"), "did not ask", ""),
    ("deflate", http(zlib.compress(STORY_BYTES), Content_Encoding="deflate"), "did not ask", ""),
    ("a made-up packing", http(STORY, Content_Encoding="x-" + "y" * 900), "did not ask", ""),
    (
        "broken off",
        http(gzip.compress(STORY_BYTES)[:-20], Content_Encoding="gzip"),
        "broke off",
        "",
    ),
    (
        "a wrong checksum",
        http(gzip.compress(STORY_BYTES)[:-8] + bytes(8), Content_Encoding="gzip"),
        "broken",
        "",
    ),
    ("said to be packed and not", http(STORY, Content_Encoding="gzip"), "broken", ""),
    (
        "packed and followed by noise",
        http(gzip.compress(STORY_BYTES) + b"noise", Content_Encoding="gzip"),
        "broken",
        "",
    ),
    ("packed nothing", http(gzip.compress(b""), Content_Encoding="gzip"), "empty page", ""),
    ("said to be packed and empty", http(b"", Content_Encoding="gzip"), "empty page", ""),
    ("packed and not said so", http(gzip.compress(STORY_BYTES)), "archive", ""),
)

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(400)
_FEED_XML = "<?xml version='1.0'?><rss version='2.0'><channel><title>News</title></channel></rss>"
TYPES = at(
    "wrong and unfit types",
    ("a picture", http(_PNG, Content_Type="image/png"), "image file", ""),
    ("a picture that says it is a page", http(_PNG), "picture", ""),
    (
        "a film",
        http(b"\0\0\0\x18ftypmp42" + bytes(300), Content_Type="video/mp4"),
        "video file",
        "",
    ),
    ("a program that says it is a page", http(b"MZ\x90\0" + bytes(300)), "program", ""),
    ("noise that says it is a page", http(bytes(range(256)) * 9), "no text", ""),
    (
        "noise that says it is text",
        http(bytes(range(256)) * 9, Content_Type="text/plain"),
        "no text",
        "",
    ),
    (
        "an archive",
        http(b"PK\x05\x06" + bytes(18), Content_Type="application/zip"),
        "no text|archive|can't",
        "",
    ),
    (
        "a broken Word document",
        http(
            b"PK\x03\x04" + bytes(90),
            Content_Type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        "damaged|archive",
        "",
    ),
    (
        "a broken PDF",
        http(b"%PDF-1.7\n" + bytes(90), Content_Type="application/pdf"),
        "damaged|PDF",
        "",
    ),
    ("JSON", http('{"a": [1, 2]}', Content_Type="application/json"), "data for programs", ""),
    ("JSON that says it is a page", http('{"error": "no"}'), "data for programs", ""),
    ("a script", http("let a = 1;", Content_Type="text/javascript"), "data for programs", ""),
    ("a style sheet", http("a { b: c }", Content_Type="text/css"), "data for programs", ""),
    ("a feed", http(_FEED_XML, Content_Type="application/rss+xml"), "news feed", ""),
    ("a feed that says it is a page", http(_FEED_XML), "news feed", ""),
    ("nothing", http(b""), "empty page", ""),
    ("white space", http(b" \r\n\t" * 40), "empty page", ""),
    ("a page that says it is a PDF", http(STORY, Content_Type="application/pdf"), "", TAKEN),
    ("a page that says it is a picture", http(STORY, Content_Type="image/png"), "", TAKEN),
    ("a page that says it is text", http(STORY, Content_Type="text/plain"), "", TAKEN),
    ("a page that says nothing of itself", http(STORY, Content_Type=""), "", TAKEN),
    ("a page of a type that does not exist", http(STORY, Content_Type="tomato"), "", TAKEN),
    ("a type of nonsense", http(STORY, Content_Type=';;;="\\'), "", TAKEN),
    (
        "a file name with a path",
        http(STORY, Content_Disposition=('attachment; filename="../../etc/passwd"')),
        "",
        TAKEN,
    ),
)

STATUSES = at(
    "odd status codes",
    *(
        (status, http(STORY, status), words, "")
        for status, words in (
            ("101 Switching Protocols", r"\(101\)|hung up|broken"),
            ("202 Accepted", "202"),
            ("204 No Content", "204|broken"),
            ("206 Partial Content", "206"),
            ("304 Not Modified", "304|broken"),
            ("400 Bad Request", "400"),
            ("401 Unauthorized", "does not let"),
            ("402 Payment Required", "does not let"),
            ("403 Forbidden", "does not let"),
            ("404 Not Found", "no page at this link"),
            ("410 Gone", "no page at this link"),
            ("418 I'm a teapot", "418"),
            ("451 Unavailable For Legal Reasons", "legal"),
            ("500 Internal Server Error", "trouble"),
            ("503 Service Unavailable", "later"),
            ("599 Odd", "599"),
            ("600 Odder", "600"),
            ("999 Denied", "999"),
            ("000 Nothing", r"broken|\(0\)"),
            ("20 Short", "broken|20"),
        )
    ),
    (
        "429, come back in 100 s",
        http(STORY, "429 Too Many Requests", Retry_After="100"),
        "in 2 minutes",
        "",
    ),
    (
        "429, come back some day",
        http(STORY, "429 Too Many Requests", Retry_After="someday"),
        "later",
        "",
    ),
    (
        "429, come back in 10^80 s",
        http(STORY, "429 Too Many Requests", Retry_After="9" * 80),
        "later",
        "",
    ),
)

TLS = [
    Case(
        "invalid TLS",
        "a certificate that it made itself",
        "https://secure.example:{tls_port}/",
        "certificate",
    ),
    Case(
        "invalid TLS",
        "a certificate of another site",
        "https://other.example:{tls_port}/",
        "certificate",
    ),
    Case("invalid TLS", "no TLS behind https", "https://site.example:{port}/", BUSY, seconds=0.4),
    Case("invalid TLS", "no http behind http", "http://secure.example:{tls_port}/", ODD),
]

CASES = [*SLOW, *FRAMING, *HEADERS, *COMPRESSION, *TYPES, *STATUSES, *TLS]
