"""Encodings and lies about them, robots.txt, and pages that stand before the article."""

from __future__ import annotations

from tests.ingest.fetching.cases import BOMB, BUSY, GOOD, STORY, TAKEN, Case, at, flood, hold, raw
from tests.ingest.fetching.web import PRIVATE, Reply, http, moved

PRIVATE_WORDS = "private or reserved"
_RU = (
    "<html><head>{meta}</head><body><article><h1>Порт</h1><p>Сорок барж прошли Хасан в "
    "понедельник.</p></article></body></html>"
)
_RU_TEXT = "Сорок барж прошли Хасан"


def _ru(encoding: str, header: str, meta: str = "") -> bytes:
    tag = f'<meta charset="{meta}">' if meta else ""
    return http(_RU.format(meta=tag).encode(encoding), Content_Type=f"text/html{header}")


CHARSETS = at(
    "encodings and lies about them",
    ("the header's", _ru("cp1251", "; charset=windows-1251"), "", _RU_TEXT),
    (
        "the header's against the page's",
        _ru("cp1251", "; charset=windows-1251", "koi8-r"),
        "",
        _RU_TEXT,
    ),
    ("the page's", _ru("koi8-r", "", "koi8-r"), "", _RU_TEXT),
    (
        "the page's, the header's does not exist",
        _ru("koi8-r", "; charset=klingon", "koi8-r"),
        "",
        _RU_TEXT,
    ),
    ("the page's, the header says UTF-8", _ru("koi8-r", "; charset=utf-8", "koi8-r"), "", _RU_TEXT),
    (
        "the page's, the header says UTF-16",
        _ru("cp1251", "; charset=utf-16", "windows-1251"),
        "",
        _RU_TEXT,
    ),
    ("nobody's", _ru("cp1251", ""), "", _RU_TEXT),
    ("UTF-8, the header says Latin 1", _ru("utf-8", "; charset=iso-8859-1"), "", _RU_TEXT),
    ("UTF-8, the page says Chinese", _ru("utf-8", "", "gb2312"), "", _RU_TEXT),
    ("a codec that is no encoding", _ru("utf-8", "; charset=zlib_codec"), "", _RU_TEXT),
    ("UTF-16 with its mark", http(_RU.format(meta="").encode("utf-16")), "", _RU_TEXT),
    ("UTF-7", http(STORY, Content_Type="text/html; charset=utf-7"), "", TAKEN),
)


def _robots(what: str, reply: Reply, *, refused: str = "", seconds: float = 10) -> Case:
    pages = {"site.example/robots.txt": reply, "site.example/story": GOOD}
    return Case(
        "robots.txt",
        what,
        "http://site.example:{port}/story",
        refused,
        "" if refused else TAKEN,
        pages,
        seconds=seconds,
    )


def _rules(text: str) -> bytes:
    return http(text, Content_Type="text/plain")


_KEEP_OFF, _CANT_SAY = "keep off", "can't say now"
ROBOTS = [
    _robots("none", http("", "404 Not Found")),
    _robots("forbidden to see (403)", http("", "403 Forbidden")),
    _robots("empty", _rules("")),
    _robots("keeps all off", _rules("User-agent: *\nDisallow: /"), refused=_KEEP_OFF),
    _robots(
        "keeps Tumen off",
        _rules("User-agent: tumen\nDisallow: /\n\nUser-agent: *\nAllow: /"),
        refused=_KEEP_OFF,
    ),
    _robots("keeps another off", _rules("User-agent: Googlebot\nDisallow: /")),
    _robots(
        "lets only Tumen in", _rules("User-agent: *\nDisallow: /\n\nUser-agent: Tumen\nAllow: /")
    ),
    _robots("the longest rule lets it in", _rules("User-agent: *\nDisallow: /s\nAllow: /stor")),
    _robots("with a wildcard", _rules("User-agent: *\nDisallow: /*ry$"), refused=_KEEP_OFF),
    _robots(
        "with a byte order mark", _rules("\ufeffUser-agent: *\nDisallow: /"), refused=_KEEP_OFF
    ),
    _robots(
        "wildcards made to take for ever",
        _rules("User-agent: *\nDisallow: /" + "*a" * 4_000 + "b"),
    ),
    _robots(
        "a hundred thousand rules",
        _rules("User-agent: *\n" + "Disallow: /x\n" * 100_000),
    ),
    _robots(
        "endless",
        flood(
            raw("HTTP/1.1 200 OK\nContent-Type: text/plain"),
            b"User-agent: *\nDisallow: /\n" * 2_000,
        ),
        refused=_KEEP_OFF,
    ),
    _robots("a page in its place", GOOD),
    _robots("noise", http(bytes(range(256)) * 90)),
    _robots("a bomb", http(BOMB, Content_Encoding="gzip")),
    _robots("broken (500)", http("", "500 Internal Server Error"), refused=_CANT_SAY),
    _robots("busy (503)", http("", "503 Service Unavailable"), refused=_CANT_SAY),
    _robots("asked too much (429)", http("", "429 Too Many Requests"), refused=_CANT_SAY),
    _robots("no answer", hold(b""), refused=BUSY, seconds=0.4),
    _robots("hangs up", b"", refused="hung up"),
    _robots(
        "leads to a private machine",
        moved(f"http://{PRIVATE}:{{port}}/robots.txt"),
        refused=PRIVATE_WORDS,
    ),
    _robots("leads to file:", moved("file:///etc/passwd")),
    _robots("leads in a circle", moved("/robots.txt")),
    Case(
        "robots.txt",
        "on another site, which keeps all off",
        "http://site.example:{port}/story",
        _KEEP_OFF,
        pages={
            "site.example/robots.txt": moved("http://www.site.example:{port}/robots.txt"),
            "www.site.example/robots.txt": _rules("User-agent: *\nDisallow: /"),
            "site.example/story": GOOD,
        },
    ),
    Case(
        "robots.txt",
        "of the site that a redirect leads to",
        "http://short.example:{port}/x",
        _KEEP_OFF,
        pages={
            "short.example/x": moved("http://site.example:{port}/story"),
            "site.example/robots.txt": _rules("User-agent: *\nDisallow: /story"),
            "site.example/story": GOOD,
        },
    ),
]


def _page(title: str, body: str, head: str = "") -> bytes:
    return http(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>")


_TEASER = "<article><h1>Barges</h1><p>Forty barges passed Khasan on Monday, the office said.</p>"
WALLS = at(
    "pages that stand before the article",
    (
        "Cloudflare's check",
        _page(
            "Just a moment...",
            "<h1>news.example</h1><p>Verifying you are human. This may take a few seconds.</p>",
        ),
        "whether the reader is a person",
        "",
    ),
    (
        "a captcha",
        _page("Security check", "<p>Please complete the CAPTCHA to go on.</p>"),
        "whether the reader is a person",
        "",
    ),
    ("a Chinese check", _page("安全验证", "<p>请完成下方验证后继续访问。</p>"), "is a person", ""),
    (
        "a Russian check",
        _page("Проверка", "<p>Подтвердите, что вы не робот.</p>"),
        "is a person",
        "",
    ),
    (
        "a script's page",
        _page(
            "News",
            "<noscript>You need to enable JavaScript to run this app."
            "</noscript><div id=root></div>",
        ),
        "only a script",
        "",
    ),
    (
        "a page for payers",
        _page("Barges", _TEASER + "<p>Subscribe to continue reading.</p></article>"),
        "paywall",
        "",
    ),
    (
        "a page for payers, in its data",
        _page(
            "Barges",
            _TEASER + "</article>",
            "<script "
            'type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"False"}</script>',
        ),
        "paywall",
        "",
    ),
    (
        "a Korean page for payers",
        _page(
            "바지선",
            "<article><p>월요일에 바지선 40척이 하산을 지나갔다고 "
            "항만청이 밝혔다.</p><p>이 기사는 유료 회원 전용입니다.</p></article>",
        ),
        "paywall",
        "",
    ),
    (
        "a Russian page for payers",
        _page(
            "Баржи",
            "<article><p>Сорок барж прошли Хасан.</p><p>Чтобы "
            "дочитать статью, оформите подписку.</p></article>",
        ),
        "paywall",
        "",
    ),
    (
        "a Chinese page for payers",
        _page("驳船", "<article><p>周一有四十艘驳船通过哈桑。</p><p>订阅后阅读全文</p></article>"),
        "paywall",
        "",
    ),
    (
        "a log-in",
        _page("Welcome", "<form><p>Please log in to continue.</p><input type=password></form>"),
        "to log in",
        "",
    ),
    (
        "a question about cookies",
        _page(
            "Before you continue",
            "<p>We and our partners use cookies and personal data. Do you consent? Read our "
            "privacy policy, manage cookies, or see our 812 vendors.</p>",
        ),
        "asks about cookies",
        "",
    ),
    (
        "not found, with 200",
        _page(
            "Page not found",
            "<h1>Page not found</h1><p>Try our search, or go to the front page.</p>",
        ),
        "no such page",
        "",
    ),
    (
        "not found, in Russian",
        _page("Ошибка 404", "<p>Страница не найдена. Перейдите на главную.</p>"),
        "no such page",
        "",
    ),
    (
        "a page that sends on",
        _page(
            "", "<p>Moved.</p>", '<meta http-equiv="refresh" content="0; url=http://127.0.0.2/">'
        ),
        "leads on",
        "",
    ),
    (
        "only a menu",
        _page("Home", "<nav><a href=/a>World</a> <a href=/b>Asia</a></nav>"),
        "no readable article",
        "",
    ),
)

CASES = [*CHARSETS, *ROBOTS, *WALLS]
