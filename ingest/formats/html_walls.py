"""Pages that stand in front of an article: recognised, so that a teaser is not taken for it.

A phrase alone proves nothing, since free pages also praise subscriptions. It counts where
next to no article was found beside it, or where it ends the article that was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.formats.canonical import Piece, is_unspaced

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PAYWALL = (
    "It is behind a paywall: only the beginning of the article is open. If you may read all of "
    "it, save its text or a PDF of it, and add that file."
)
_LOGIN = (
    "It is a page to log in, not the article; open it in a browser, save the article's text or a "
    "PDF of it, and add that file."
)
_COOKIES = (
    "It is a page that asks about cookies, not the article; answer it in a browser, save the "
    "article's text or a PDF of it, and add that file."
)
_BOT_CHECK = (
    "It is a check whether the reader is a person, not the article; open it in a browser, save "
    "the article's text or a PDF of it, and add that file."
)
_SCRIPT = (
    "It is a page that only a script fills with text; open it in a browser, save the article's "
    "text or a PDF of it, and add that file."
)
_GONE = "It is a page that says that there is no such page (any more); check it in a browser."
_FORWARD = "It only leads on to another page; open it in a browser and give that page's link."

_TEASER = 1_500
"""Characters of an article below which a paywall's words count wherever they stand."""
_SHORT = 600
_TINY = 300
_LONGEST_PROMPT = 160
_LAST_PIECES = 4
_SEEN = 30_000


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


_PAYWALL_WORDS = _any(
    r"(?:subscribe|subscription|register|sign up|join)\b.{0,30} to "
    r"(?:continue|keep reading|read (?:the|this|on)\b|unlock|access (?:this|the full))",
    r"to (?:continue|keep) reading",
    r"(?:for|to) (?:our |paying |paid |premium |registered )*(?:subscribers|members) only",
    r"(?:only|exclusively|reserved) (?:available )?(?:for|to) "
    r"(?:our |paying |paid |premium |registered )*(?:subscribers|members)",
    r"subscriber[- ]only",
    r"unlock (?:this|the full) (?:article|story)",
    r"(?:reached|used|read) (?:all )?your .{0,30}(?:free|limit)",
    r"read the rest of (?:the|this) (?:article|story)",
    r"оформи(?:те|ть) подписку.{0,20}чтобы",
    r"(?:доступ\w*|читать) .{0,40}(?:по подписке|подписчик)",
    r"чтобы (?:продолжить чтение|дочитать|прочитать)",
    r"(?:订阅|訂閱|登录|登入|付费|付費|购买|購買).{0,6}(?:阅读|閱讀|查看).{0,3}(?:全文|剩余|完整)",
    r"(?:订阅|訂閱|付费|付費)后?(?:继续|繼續)?(?:阅读|閱讀)",
    r"(?:仅限|僅限|限).{0,4}(?:会员|會員|订户|訂戶)",
    r"(?:유료|구독) ?(?:회원|독자|서비스|기사).{0,12}(?:전용|볼 수|이용|읽)",
    r"(?:구독|로그인|결제)(?:하고|하시면|하면| 후).{0,12}(?:기사|전문)",
    r"会員限定|残り\d[\d,]*文字",
)
_LOGIN_WORDS = _any(
    r"(?:log|sign) ?in to (?:continue|read|view|access)",
    r"(?:please|you must|you need to) (?:log|sign) ?in\b",
    r"войдите,? чтобы",
    r"авторизуйтесь",
    r"请.{0,3}登录|請.{0,3}登入",
    r"로그인(?:이 필요|해 주|하세요|해야)",
    r"ログインして",
)
_COOKIE_WORDS = _any(
    r"cookies?\b", r"\bconsent", r"\bprivacy\b", r"\bpartners\b", r"\bvendors\b",
    r"personal data", r"legitimate interest", r"персональн\w+ данн\w+", r"куки", "쿠키", "개인정보",
    "隐私", "クッキー",
)  # fmt: skip
_BOT_WORDS = _any(
    r"^just a moment",
    r"attention required",
    r"checking (?:if the site connection is secure|your browser)",
    r"(?:verify|verifying|confirm|check|prove)\b.{0,12} you(?:'re|’re| are) (?:a |not a )?"
    r"(?:human|robot|bot)",
    r"(?:are you|i(?:'m|’m| am) not) a robot",
    r"enable (?:javascript and cookies|cookies and javascript)",
    r"ddos-guard|ddos protection by",
    r"unusual traffic from your",
    r"^access denied",
    r"pardon our interruption",
    r"incapsula incident|(?:complete|solve|enter|pass)\b.{0,20}captcha",
    r"проверка браузера|вы не робот|не являетесь роботом",
    r"(?:安全|访问|人机|滑动|身份)验证",
    r"로봇이 아닙니다|보안 확인",
)
_SCRIPT_WORDS = _any(
    r"(?:enable|requires?|turn on|activate|without) java ?script",
    r"java ?script (?:is|must be|to be|has been|seems to be) ",
    r"включите java ?script",
    r"(?:启用|开启|打开|支持).{0,6}java ?script",
    r"(?:java ?script|자바스크립트).{0,8}(?:활성화|필요|사용)",
    r"java ?scriptを有効",
)
_GONE_WORDS = _any(
    r"(?:error|ошибка|错误|오류)\W{0,3}404",
    r"^\W*404\W*(?:$|[-–—|:]|error|not found|page|ошибка)",
    r"page (?:was |is |could |can)?(?:not|n['’]t)(?: be)? found",
    r"(?:page|article|story) (?:is |has been |you \w+ )?"
    r"(?:no longer (?:available|exists)|does(?: not|n['’]t) exist|(?:has been|was) removed)",
    r"страница не (?:найдена|существует)",
    r"(?:页面|頁面|网页).{0,6}(?:不存在|未找到|找不到|无法找到|已删除)",
    r"페이지를 찾을 수 없|존재하지 않는 페이지|삭제된 기사",
    r"ページが見つかりません",
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What a page shows around its article: read before anything is taken out of it."""

    title: str
    heading: str
    text: str
    for_payers: bool
    password: bool
    forwards: bool


def signs_of(tree: HtmlElement) -> Signs:
    """Look at a whole page."""
    # What stands in a site's head and foot is the same on its free and its paid pages.
    seen = tree.xpath(
        "//body//text()[not(parent::script or parent::style or ancestor::nav"
        " or ancestor::header or ancestor::footer or ancestor::aside)]"
    )
    structured = "".join(tree.xpath("//script[@type='application/ld+json']/text()"))
    stated = re.search(
        r'"isAccessibleForFree"\s*:\s*"?(?:false|no)\b', structured[:_SEEN], re.IGNORECASE
    )
    tier = tree.xpath("string(//meta[@property='article:content_tier'][1]/@content)")
    refresh = tree.xpath(
        "string(//meta[translate(@http-equiv,'REFSH','refsh')='refresh']/@content)"
    )
    return Signs(
        title=" ".join(tree.xpath("string(//title)").split()),
        heading=" ".join(tree.xpath("string(//h1)").split()),
        text=" ".join(" ".join(seen)[:_SEEN].split()),
        for_payers=stated is not None or tier.strip().lower() in ("locked", "metered"),
        password=bool(tree.xpath("boolean(//input[@type='password'])")),
        forwards="url=" in refresh.lower().replace(" ", ""),
    )


def wall(signs: Signs, pieces: Sequence[Piece]) -> str | None:
    """The sentence for a page that is no article but stands before one; else ``None``.

    ``pieces`` is the article as far as one was found.
    """
    size = sum(_size(piece.text) for piece in pieces)
    head = (signs.title, signs.heading)
    if size < _SHORT:
        if any(map(_BOT_WORDS.search, (*head, signs.text))):
            return _BOT_CHECK
        if any(map(_GONE_WORDS.search, head)):
            return _GONE
    if _is_paywalled(signs, pieces, size):
        return _PAYWALL
    if size < _TINY and (signs.password or _LOGIN_WORDS.search(signs.text)):
        return _LOGIN
    if _is_about_cookies(signs, pieces, size):
        return _COOKIES
    if size < _TINY and signs.forwards:
        return _FORWARD
    if size < _TINY and _SCRIPT_WORDS.search(signs.text):
        return _SCRIPT
    return None


def _is_paywalled(signs: Signs, pieces: Sequence[Piece], size: int) -> bool:
    if size < _TEASER and (signs.for_payers or _PAYWALL_WORDS.search(signs.text)):
        return True
    return any(
        _size(piece.text) <= _LONGEST_PROMPT and _PAYWALL_WORDS.search(piece.text)
        for piece in pieces[-_LAST_PIECES:]
    )


def _is_about_cookies(signs: Signs, pieces: Sequence[Piece], size: int) -> bool:
    if size < _TINY:
        words, found = len(signs.text.split()), len(_COOKIE_WORDS.findall(signs.text))
        return found >= 3 and found * 20 > words
    text = " ".join(piece.text for piece in pieces)
    return size < 2 * _TEASER and len(_COOKIE_WORDS.findall(text)) * 20 > len(text.split())


def _size(text: str) -> int:
    """Characters, those of Chinese and Japanese counted as the three letters they stand for."""
    return len(text) + 2 * sum(map(is_unspaced, text))
