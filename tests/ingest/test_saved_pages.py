"""Ten saved pages in the manner of ten kinds of site, with what a reader takes from each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.formats import parse
from ingest.parsed import RefusedError

PAGES = Path(__file__).parent / "files" / "pages"

KEPT = {
    "amp": ["Some 90,000 tonnes of coal", "Port workers told Coast Daily", "In 2019 the pier"],
    "blog": [
        "The winter timetable of",
        "The fourth sailing comes",
        "Freight is another matter",
        "Sources",
        "The harbour office's ice reports",
    ],
    "chinese_government": ["珲春口岸二月通关车辆增长三成", "记者从珲春海关获悉", "海关负责人表示"],
    "cookie_banner": ["Customs officers at Quanhe", "Most of them", "The gate is to open"],
    "korean": ["월요일 바지선 40척이", "이 가운데 12척은", "당국은 화물의"],
    "long_report": [
        "Ice",
        "The river froze on 9 January, eleven days later than on average. It was",
        "Coal",
        "December: 45,000 tonnes",
        "Barges",
        "Counts differ.",
    ],
    "related": [
        "The road bridge at Hunchun",
        "Trucks are sent by Quanhe",
        "It is the first closure",
    ],
    "russian_tables": ["В феврале через порт", "Месяц: Февраль | Баржи: 160", "Половина груза"],
    "wire": ["KHASAN, March 4 - Forty barges", "Twelve of them turned back"],
}
STRAY = """
Home, Log in, cookies, Archive, rail_fan, otter, newsletter, Most read, Share, More from Asia,
Ten bridges, Menu, Photo:, Contents, Support our work, Subscribe, 首页, 版权所有, 打印, 많이 본,
저작권자, 구독, Теги, Подпишитесь
"""


@pytest.mark.parametrize("name", KEPT)
def test_an_article_comes_out_whole_in_order_and_without_its_surroundings(name):
    parsed = parse((PAGES / f"{name}.html").read_bytes(), f"{name}.html")
    paragraphs = [parsed.text[block.start : block.end] for block in parsed.blocks]
    places = [
        next(place for place, text in enumerate(paragraphs) if text.startswith(beginning))
        for beginning in KEPT[name]
    ]
    assert places == sorted(set(places))
    assert [word for word in re.split(r",\s", STRAY.strip()) if word in parsed.text] == []


def test_a_teaser_is_no_article():
    with pytest.raises(RefusedError, match="behind a paywall"):
        parse((PAGES / "paywall_teaser.html").read_bytes(), "paywall_teaser.html")


ITEM = (
    "<html><head><title>Barges</title></head><body>{before}<article><h1>Barges</h1><p>Forty barges "
    "passed Khasan on Monday, the harbour office said.</p>{inside}</article>{after}</body></html>"
)


@pytest.mark.parametrize(
    "around",
    [
        {"before": "<header>Already a subscriber? Log in to continue reading.</header>"},
        {"before": "<div>Already a subscriber? <a href=/login>Log in</a></div>"},
        {"after": "<footer>Subscribe to continue reading more of us.</footer>"},
        {"after": "<div>Sign up to read more of our news every morning.</div>"},
        {"after": "<div>Read the full story of the bridge.</div>"},
        {"after": "<p>This form is protected by reCAPTCHA.</p>"},
        {"inside": "<p>It saw unusual traffic on the bridge, and its DDoS protection failed.</p>"},
        {"inside": "<p>Access denied to 404 trucks: no page of their papers was found.</p>"},
        {"after": "<div>로그인 후 댓글을 이용해 주세요.</div>"},
        {"after": "<div>成为会员 · 登录后查看更多评论</div>"},
        {"after": "<div>Оформите подписку на нашу рассылку.</div>"},
        {"after": "<div>We use cookies.</div>"},
    ],
    ids=lambda around: next(iter(around.values()))[:40],
)
def test_a_short_free_item_is_taken_whatever_its_site_says_around_it(around):
    page = ITEM.format(**{"before": "", "inside": "", "after": "", **around})
    assert "Forty barges passed Khasan" in parse(page.encode(), "page.html").text


def test_a_long_article_on_paywalls_is_no_paywall():
    told = "".join(
        f"<p>Paragraph {n}: of the {n * 7} papers that we asked, some said that readers must "
        "subscribe to continue reading, and others that they need not; cookies and consent were "
        "not the matter of our question, which went to editors alone.</p>"
        for n in range(12)
    )
    page = ITEM.format(before="", inside=told + "<p>We thank all who answered.</p>", after="")
    assert "Paragraph 11" in parse(page.encode(), "page.html").text
