"""Who a publisher is, by address and by name, and what kind of source."""

from __future__ import annotations

from collections import Counter

import pytest

from store.errors import StoreError
from store.model import Metadata
from store.publishers import TABLE, _letters, _read, default_publishers, load_publishers

TABLE_OF_PUBLISHERS = default_publishers()


def test_the_table_is_whole_and_no_name_or_domain_is_two_publishers():
    rows = _read(TABLE)
    assert len(rows) >= 120
    assert {row.kind for row in rows} == {
        "state media",
        "government",
        "agency",
        "outlet",
        "think tank",
    }
    domains = Counter(domain for row in rows for domain in row.domains)
    names = Counter(name for row in rows for name in {_letters(n) for n in (row.name, *row.names)})
    assert [name for name, count in (domains + names).items() if count > 1] == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://tass.com/world/1", "TASS"),
        ("HTTPS://WWW.TASS.COM./world", "TASS"),
        ("http://tass.com:8080/", "TASS"),
        ("https://beyondparallel.csis.org/x", "Beyond Parallel"),
        ("https://www.csis.org/x", "CSIS"),
        ("https://koreajoongangdaily.joins.com/x", "Korea JoongAng Daily"),
        ("https://tass.com.evil.example/", None),
        ("https://tass.com@evil.example/", None),
        ("https://eviltass.com/", None),
        ("https://evil.example/tass.com/", None),
        ("https://tаss.com/", None),  # a Cyrillic letter
        ("https://com/", None),
        ("https://[::1", None),
        ("tass.com", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_belongs_to_who_holds_the_domain(url, name):
    found = TABLE_OF_PUBLISHERS.of_address(url)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ТАСС", "state media"),
        ("조선중앙통신", "state media"),
        ("新华社", "state media"),
        ("yonhap news agency", "agency"),
        ("The Associated Press", "agency"),
        ("국가정보원", "government"),
        ("国防情报局", None),
        ("38 NORTH", "think tank"),
        ("Institute for the Study of War", "think tank"),
        ("Border Post", None),
        ("", None),
    ],
)
def test_a_name_in_any_script_tells_the_kind(name, kind):
    found = TABLE_OF_PUBLISHERS.named(name)
    assert (found.kind if found else None) == kind


def test_what_a_document_states_is_completed_and_never_overruled():
    complete = TABLE_OF_PUBLISHERS.complete
    assert complete(Metadata("x", "Yonhap News Agency")).publisher == "Yonhap News Agency"
    assert complete(Metadata("x", "Yonhap News Agency")).kind == "agency"
    assert complete(Metadata("x", "TASS", kind="outlet")).kind == "outlet"
    fetched = complete(Metadata("x", url="https://www.bbc.co.uk/news/1"))
    assert (fetched.publisher, fetched.kind) == ("BBC", "outlet")
    copied = complete(Metadata("x", "Reuters", url="https://www.straitstimes.com/1"))
    assert (copied.publisher, copied.kind) == ("Reuters", "agency")
    assert complete(Metadata("x", "Border Post")) == Metadata("x", "Border Post")


def test_the_operators_own_lines_come_on_top(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        '[outlet]\n"Border Post" = { domains = ["border.example"], names = ["Граница"] }\n'
        '[unknown]\nTASS = { domains = ["tass.com"] }\n'
    )
    table = load_publishers(own)
    assert table.of_address("https://news.border.example/1").name == "Border Post"
    assert table.named("граница").kind == "outlet"
    assert table.named("TASS").kind == "unknown"
    assert len(table) == len(TABLE_OF_PUBLISHERS) + 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[blog]\nX = {}\n", "there are only: state media"),
        ("[outlet]\nX = 3\n", "should look like"),
        ("[outlet]\nX = { domain = [] }\n", "should look like"),
        ("[outlet]\nX = { domains = 'x.example' }\n", "should look like"),
        ("[outlet\n", "can't be read"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_what_is_wrong(tmp_path, text, says):
    own = tmp_path / "own.toml"
    own.write_text(text)
    with pytest.raises(StoreError, match=says):
        load_publishers(own)
