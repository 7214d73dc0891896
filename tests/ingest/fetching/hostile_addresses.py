"""Links that are none, and links that lead where nobody should go."""

from __future__ import annotations

from collections.abc import Iterable

from tests.ingest.fetching.cases import GOOD, TAKEN, Case
from tests.ingest.fetching.web import PRIVATE, PUBLIC, Reply, moved


def _simple(group: str, refused: str, links: Iterable[str]) -> list[Case]:
    return [Case(group, link, link, refused) for link in links]


PRIVATE_WORDS = "private or reserved"
_SPELT = "private or reserved|unusual spelling|no proper site name|user name|not written as"

_HERE = """
localhost LOCALHOST localhost. a.localhost localhost.localdomain 127.0.0.2 127.0.0.2.
127.2 127.0.2 2130706434 0x7f000002 0x7f.0.0.2 0X7F.0X0.0X0.0X2 0177.0.0.2 017700000002
0177.0x0.2 127.0.0.002 0 0.0.0.0 [::] [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.2]
[::ffff:7f00:2] [::127.0.0.2] [::ffff:0:127.0.0.2] [64:ff9b::127.0.0.2]
[64:ff9b:1::7f00:2] [2002:7f00:2::] [2001:0:7f00:2::1] [fe80::1%25eth0] [::1%25lo]
[fec0::1] ①②⑦.⓪.⓪.② 127。0。0。2 １２７.０.０.２ ｌｏｃａｌｈｏｓｔ %6cocalhost %31%32%37.0.0.2
127.0.0.2%00.site.example site.example@127.0.0.2 site.example:80@127.0.0.2
127.0.0.2%2f@site.example 4294967296127.0.0.2
"""
_PRIVATE_HOSTS = """
10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 169.254.170.2 100.64.0.1
100.100.100.200 168.63.129.16 192.0.0.192 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255 198.18.0.1 192.0.2.1 203.0.113.9 192.88.99.1 [fc00::1] [fd00:ec2::254]
[ff02::1] [2001:db8::1] [3fff::1] [5f00::1] [100::1] [::ffff:169.254.169.254]
[64:ff9b::a9fe:a9fe] [2002:a9fe:a9fe::1] metadata.google.internal router.lan
printer.local intranet wiki.corp hidden.onion
"""

SPELLINGS = [
    *_simple(
        "spellings of this machine",
        _SPELT,
        [f"http://{host}:{{port}}/" for host in _HERE.split()],
    ),
    Case(
        "spellings of this machine",
        "a fragment before the @",
        "http://127.0.0.2:{port}#@site.example/",
        PRIVATE_WORDS,
    ),
    Case(
        "spellings of this machine",
        "a backslash before the @",
        "http://127.0.0.2:{port}\\@site.example/",
        "backslash",
    ),
    Case(
        "spellings of this machine",
        "Arabic digits",
        "http://١٢٧.٠.٠.٢:{port}/",
        _SPELT + "|no site",
    ),
]

ADDRESSES = _simple(
    "private and reserved addresses",
    PRIVATE_WORDS,
    [f"http://{host}/" for host in _PRIVATE_HOSTS.split()],
)

NAMES = [
    Case(
        "names that resolve there",
        what,
        f"http://{name}:{{port}}/",
        PRIVATE_WORDS,
        names={name: [addresses]},
    )
    for what, name, addresses in (
        ("a name that spells the address", "127-0-0-2.nip.example", [PRIVATE]),
        ("a name of this machine", "me.example", ["127.0.0.2"]),
        ("a name in the home network", "router.example", ["192.168.1.1"]),
        ("a name of the metadata service", "meta.example", ["169.254.169.254"]),
        ("a name of ::1", "six.example", ["::1"]),
        ("a name of a mapped address", "mapped.example", ["::ffff:127.0.0.2"]),
        ("a name of a NAT64 address", "nat.example", ["64:ff9b::7f00:2"]),
        ("a name of a 6to4 address", "sixfour.example", ["2002:7f00:2::1"]),
        ("a name of a multicast group", "cast.example", ["224.0.0.251"]),
        ("a private answer before a public one", "mixed.example", [PRIVATE, PUBLIC]),
        ("a name of 0.0.0.0", "zero.example", ["0.0.0.0"]),  # noqa: S104 - nothing binds to it
    )
] + [
    Case(
        "names that resolve there",
        "another answer after robots.txt was read",
        "http://turn.example:{port}/story",
        PRIVATE_WORDS,
        pages={"turn.example/story": GOOD},
        names={"turn.example": [[PUBLIC], [PRIVATE]]},
    ),
    Case(
        "names that resolve there",
        "another answer after the connection was made",
        "http://late.example:{port}/story",
        taken=TAKEN,
        pages={"late.example/story": GOOD},
        names={"late.example": [[PUBLIC], [PUBLIC], [PRIVATE]]},
    ),
    Case(
        "names that resolve there",
        "another answer after a redirect to itself",
        "http://self.example:{port}/story",
        PRIVATE_WORDS,
        pages={"self.example/story": moved("/second"), "self.example/second": GOOD},
        names={"self.example": [[PUBLIC], [PUBLIC], [PRIVATE]]},
    ),
    Case(
        "names that resolve there", "no such name", "http://nowhere.zz:{port}/", "There is no site"
    ),
    Case(
        "names that resolve there",
        "a name without addresses",
        "http://none.example:{port}/",
        "no site|can't be reached",
        names={"none.example": [[]]},
    ),
]


def _chain(length: int) -> dict[str, Reply]:
    pages: dict[str, Reply] = {
        f"site.example/{step}": moved(f"/{step + 1}") for step in range(length)
    }
    return pages | {f"site.example/{length}": GOOD}


def _leads_to(what: str, target: str, refused: str, *, status: str = "302 Found") -> Case:
    page = moved(target, status)
    return Case(
        "redirects",
        what,
        "http://site.example:{port}/story",
        refused,
        pages={"site.example/story": page},
    )


_ELSEWHERE = "something that is no web page"
REDIRECTS = [
    _leads_to("to 127.0.0.2", f"http://{PRIVATE}:{{port}}/", PRIVATE_WORDS),
    _leads_to(
        "to 127.0.0.2 for good",
        f"http://{PRIVATE}:{{port}}/",
        PRIVATE_WORDS,
        status="308 Permanent Redirect",
    ),
    _leads_to("to localhost", "http://localhost:{port}/", PRIVATE_WORDS),
    _leads_to("to the metadata service", "http://169.254.169.254/latest/meta-data/", PRIVATE_WORDS),
    _leads_to("to ::1", "http://[::1]:{port}/", PRIVATE_WORDS),
    _leads_to("to a decimal address", "http://2130706434:{port}/", "unusual"),
    _leads_to("without a scheme to 127.0.0.2", f"//{PRIVATE}:{{port}}/", PRIVATE_WORDS),
    _leads_to("to file:", "file:///etc/passwd", _ELSEWHERE),
    _leads_to("to ftp:", "ftp://site.example/", _ELSEWHERE),
    _leads_to("to data:", "data:text/html,<p>hello</p>", _ELSEWHERE),
    _leads_to("to javascript:", "javascript:alert(1)", _ELSEWHERE),
    _leads_to("to gopher:", "gopher://site.example:70/_x", _ELSEWHERE),
    _leads_to("to an address with a password", "http://me:secret@site.example:{port}/", _ELSEWHERE),
    _leads_to("to a mail server's port", "http://site.example:25/", "port 25"),
    _leads_to("to nonsense", "http://[::1", _ELSEWHERE),
    _leads_to("to nowhere", "", r"something else than a page \(302\)"),
    _leads_to("to itself", "/story", "circle"),
    _leads_to("to a very long address", "/" + "a" * 5_000, _ELSEWHERE),
    _leads_to("a choice of pages (300)", "", "300", status="300 Multiple Choices"),
    _leads_to("use a proxy (305)", f"http://{PRIVATE}:{{port}}/", "305", status="305 Use Proxy"),
    Case(
        "redirects",
        "a chain that ends on 127.0.0.2",
        "http://site.example:{port}/0",
        PRIVATE_WORDS,
        pages=_chain(3) | {"site.example/3": moved(f"http://{PRIVATE}:{{port}}/")},
    ),
    Case(
        "redirects",
        "in a circle of two",
        "http://site.example:{port}/a",
        "circle",
        pages={"site.example/a": moved("/b"), "site.example/b": moved("/a")},
    ),
    Case(
        "redirects",
        "six of them",
        "http://site.example:{port}/0",
        "more than 5 times",
        pages=_chain(6),
    ),
    Case("redirects", "five of them", "http://site.example:{port}/0", taken=TAKEN, pages=_chain(5)),
    Case(
        "redirects",
        "to another site",
        "http://short.example:{port}/x",
        taken=TAKEN,
        pages={
            "short.example/x": moved("http://site.example:{port}/story"),
            "site.example/story": GOOD,
        },
    ),
    Case(
        "redirects",
        "of a story to the front page",
        "http://site.example:{port}/story",
        "front page",
        pages={"site.example/story": moved("/"), "site.example/": GOOD},
    ),
]

NO_LINKS = [
    Case("links that are none", what, link, refused)
    for what, link, refused in (
        ("nothing", "", "no whole link"),
        ("a word", "hello", "no whole link"),
        ("no scheme", "site.example/story", "no whole link"),
        ("half a scheme", "//site.example/story", "no whole link"),
        ("no host", "http:///story", "no whole link"),
        ("only a scheme", "https://", "no whole"),
        ("one slash", "http:/site.example/", "no whole link"),
        ("a file", "file:///etc/passwd", "not file: links"),
        ("ftp", "ftp://site.example/a", "not ftp: links"),
        ("javascript", "javascript:alert(1)", "not javascript: links"),
        ("data", "data:text/html,<p>hi", "not data: links"),
        ("an e-mail address", "mailto:a@site.example", "not mailto: links"),
        ("a space", "http://site example/", "space"),
        ("another header", "http://site.example/\r\nHost: x", "space"),
        ("a tab in the host", "http://site.example\t.org/", "space"),
        ("an invisible letter", "http://site\u200b.example/", "invisible"),
        ("turned around", "http://site.example/\u202egpj.exe", "invisible"),
        ("a password", "http://me:secret@site.example/", "user name"),
        ("a user", "https://bank.example@site.example/", "user name"),
        ("a very long one", "http://site.example/" + "a" * 3_000, "longer than"),
        ("no end to its bracket", "http://[::1", "not written"),
        ("port 99999", "http://site.example:99999/", "not written"),
        ("a port of letters", "http://site.example:http/", "not written"),
        ("SSH's port", "http://site.example:22/", "port 22"),
        ("Redis's port", "http://site.example:6379/", "port 6379"),
        ("port 0", "http://site.example:0/", "port 0"),
        ("two dots", "http://site..example/", "no proper site name"),
        ("only a dot", "http://./", "no proper site name"),
        ("a hyphen first", "http://-site.example/", "no proper site name"),
        ("a star", "http://*.example/", "no proper site name"),
        ("a name of 300 letters", "http://" + "a." * 150 + "example/", "no proper site name"),
        (
            "a label of 70 letters",
            "http://" + "a" * 70 + ".zz/",
            "no site|can't be reached|not written",
        ),
    )
]

CASES = [*SPELLINGS, *ADDRESSES, *NAMES, *REDIRECTS, *NO_LINKS]
