"""What a user sees: a component tree as a small HTML page that looks like Discord at night.

:mod:`tests.bot.discord.scenes` writes the main scenes with it, and PNGs where a Chromium is
installed.
"""

from __future__ import annotations

import base64
import html
import math
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bot.discord.reading import walk

STYLE = """
* { box-sizing: border-box; margin: 0 }
body { background: #313338; color: #dbdee1; padding: 16px 16px 24px; width: WIDTHpx;
  font: 16px/1.375 "gg sans", "Noto Sans", "Noto Sans CJK KR", Helvetica, Arial, sans-serif }
.message { display: flex; gap: 16px; margin: 0 0 14px }
.face { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #5865f2;
  color: #fff; font-weight: 700; text-align: center; line-height: 40px }
.body { min-width: 0; flex: 1 }
.who { font-weight: 600; color: #f2f3f5; margin-bottom: 2px }
.app { background: #5865f2; color: #fff; font-size: 10px; border-radius: 3px; padding: 1px 4px;
  vertical-align: 2px; margin-left: 4px }
.reply { font-size: 14px; color: #b5bac1; margin-bottom: 4px }
.only { font-size: 12px; color: #949ba4; margin-top: 4px }
.container { border: 1px solid #3f4147; border-left: 4px solid; border-radius: 8px;
  background: #2b2d31; padding: 14px 16px; max-width: 600px; display: flex;
  flex-direction: column; gap: 10px; overflow-wrap: anywhere }
.row { display: flex; gap: 8px; flex-wrap: wrap }
.button { border-radius: 8px; padding: 5px 12px; font-size: 14px; font-weight: 500; color: #fff;
  background: #4e5058 }
.button.s1 { background: #5865f2 } .button.s3 { background: #248046 }
.button.s4 { background: #da373c }
.button.off { opacity: .5 }
.select { background: #1e1f22; border-radius: 4px; padding: 8px 10px; flex: 1; margin: 2px 0;
  display: flex; justify-content: space-between; gap: 8px; flex-wrap: wrap }
.select i { color: #949ba4; font-style: normal }
.drop { border: 2px dashed #4e5058; border-radius: 8px; padding: 16px; text-align: center;
  color: #949ba4; margin: 4px 0 }
img { max-width: 100%; border-radius: 8px }
hr { border: 0; border-top: 1px solid #3f4147; margin: 2px 0 }
h1, h2, h3 { font-size: 18px; color: #f2f3f5; line-height: 1.3 }
.sub { font-size: 13px; color: #949ba4 }
.quote { border-left: 4px solid #4e5058; padding-left: 10px }
.item { padding-left: 18px; text-indent: -12px }
b { color: #f2f3f5 } a { color: #00a8fc; text-decoration: none }
.mention { background: #3c4270; color: #c9cdfb; border-radius: 3px; padding: 0 2px }
code { background: #1e1f22; border-radius: 4px; padding: 1px 4px; font-size: 85% }
.gap { height: 8px }
"""


@dataclass(frozen=True)
class Shown:
    """A message on the page: ours as a component tree, a person's as text."""

    components: Sequence[dict[str, Any]] = ()
    text: str = ""
    who: str = "Tumen"
    only_you: bool = False
    reply_to: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Pictures that came with the message, by name."""


def page(messages: Sequence[Shown], width: int = 700) -> str:
    """The messages as one HTML page."""
    body = "\n".join(map(_message, messages))
    return (
        f'<!doctype html><meta charset="utf-8"><style>{STYLE.replace("WIDTH", str(width))}</style>'
        f"<body>{body}</body>"
    )


def _message(shown: Shown) -> str:
    ours = bool(shown.components)
    content = "".join(map(_component, shown.components)) if ours else _markdown(shown.text)
    for name, data in shown.files.items():
        encoded = base64.b64encode(data).decode()
        content = content.replace(f"attachment://{name}", f"data:image/png;base64,{encoded}")
    app = '<span class="app">✓ APP</span>' if ours else ""
    reply = f'<div class="reply">↱ {html.escape(shown.reply_to)}</div>' if shown.reply_to else ""
    only = '<div class="only">👁 Only you can see this · Dismiss message</div>'
    return (
        f'<div class="message"><div class="face">{shown.who[0].upper()}</div><div class="body">'
        f'{reply}<div class="who">{shown.who}{app}</div>{content}'
        f"{only if shown.only_you else ''}</div></div>"
    )


def _component(component: dict[str, Any]) -> str:
    inner = "".join(map(_component, component.get("components") or []))
    match component["type"]:
        case 1:
            return f'<div class="row">{inner}</div>'
        case 2:
            return _button(component)
        case 10:
            return f"<div>{_markdown(component['content'])}</div>"
        case 12:
            urls = [html.escape(item["media"]["url"]) for item in component["items"]]
            return "".join(f'<img src="{url}">' for url in urls)
        case 14:
            return "<hr>"
        case 17:
            colour = f"#{component.get('accent_color') or 0x3F4147:06x}"
            return f'<div class="container" style="border-left-color:{colour}">{inner}</div>'
    return _input(component)


def _input(component: dict[str, Any]) -> str:
    """What is chosen in, typed into or dropped on."""
    match component["type"]:
        case 3 | 5 | 6 | 7 | 8:
            return f'<div class="select">{_chosen(component)} <span>⌄</span></div>'
        case 4:
            value = html.escape(component.get("value") or "")
            hint = f"<i>{html.escape(component.get('placeholder') or '')}</i>"
            return f'<div class="select">{value or hint}&nbsp;</div>'
        case 18:
            told = f'<div class="sub">{html.escape(component.get("description") or "")}</div>'
            label = f"<b>{html.escape(component['label'])}</b>"
            return f"<div>{label}{told}{_component(component['component'])}</div>"
        case 19:
            return '<div class="drop">⬆️ Drop files here, or choose them</div>'
    raise ValueError(f"No picture for components of type {component['type']}")


def _chosen(component: dict[str, Any]) -> str:
    labels = [one["label"] for one in component.get("options") or () if one.get("default")]
    sign = {6: "@a role", 8: "#a channel"}.get(component["type"], "")
    labels += [sign for _ in component.get("default_values") or ()]
    if labels:
        return " ".join(f"<b>{html.escape(label)}</b>" for label in labels)
    return f"<i>{html.escape(component.get('placeholder') or '')}</i>"


def _button(component: dict[str, Any]) -> str:
    emoji = (component.get("emoji") or {}).get("name") or ""
    outward = " ↗" if component["style"] == 5 else ""
    label = html.escape(component.get("label") or "")
    off = " off" if component.get("disabled") else ""
    return f'<span class="button s{component["style"]}{off}">{emoji} {label}{outward}</span>'


# Discord's markdown, as far as we write it


_LINES = (
    (re.compile(r"-# (.*)"), '<div class="sub">{}</div>'),
    (re.compile(r"#{1,3} (.*)"), "<h3>{}</h3>"),
    (re.compile(r"> (.*)"), '<div class="quote">{}</div>'),
    (re.compile(r"- (.*)"), '<div class="item">• {}</div>'),
)
_INLINE = re.compile(
    r"\\(?P<escaped>[^\w\s])|\*\*(?P<bold>(?:\\.|[^\\])+?)\*\*|\*(?P<italic>(?:\\.|[^\\*])+?)\*"
    r"|`(?P<code>[^`]+)`|\[(?P<label>(?:\\.|[^\\\]])*)\]\((?P<url>https?://[^)\s]+)\)"
    r"|(?P<mention><[@#][!&]?\d+>)|<t:(?P<moment>\d+):f>|(?P<everyone>@everyone|@here)"
)


def _markdown(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        if not line.strip():
            lines.append('<div class="gap"></div>')
            continue
        for pattern, frame in _LINES:
            if match := pattern.fullmatch(line):
                lines.append(frame.format(_inline(match[1])))
                break
        else:
            lines.append(f"<div>{_inline(line)}</div>")
    return "".join(lines)


def _inline(text: str) -> str:
    done, place = "", 0
    for match in _INLINE.finditer(text):
        done += html.escape(text[place : match.start()])
        done += _span(match)
        place = match.end()
    return done + html.escape(text[place:])


def _span(match: re.Match[str]) -> str:
    found = match.lastgroup
    inner = match[found] if found else ""
    if found == "escaped":
        return html.escape(inner)
    if found == "bold":
        return f"<b>{_inline(inner)}</b>"
    if found == "italic":
        return f"<i>{_inline(inner)}</i>"
    if found == "code":
        return f"<code>{html.escape(inner)}</code>"
    if found == "url":
        return f'<a href="{html.escape(inner)}">{_inline(match["label"])}</a>'
    if found == "moment":
        return f"<code>{datetime.fromtimestamp(int(inner), UTC):%-d %B %Y %H:%M}</code>"
    names = {"<@&": "@a role", "<#": "#a-channel", "<@": "@someone"}
    name = next((name for start, name in names.items() if inner.startswith(start)), inner)
    return f'<span class="mention">{html.escape(name)}</span>'


def height(messages: Sequence[Shown], width: int) -> int:
    """About how many pixels the messages need, rather more than less."""
    in_line = (min(width, 700) - 110) / 8.3
    needed = 40
    for shown in messages:
        needed += 60 + 24 * math.ceil(len(shown.text) / in_line)
        for part in walk(list(shown.components)):
            if part["type"] == 10:
                lines = part["content"].split("\n")
                needed += 12 + sum(23 * max(0.5, math.ceil(len(line) / in_line)) for line in lines)
            elif part["type"] == 12:
                needed += 320
            elif part["type"] in (3, 4, 6, 8, 18, 19):
                needed += 62
            elif part["type"] == 1:
                labels = sum(len(button.get("label") or "") + 6 for button in part["components"])
                needed += 44 * math.ceil(labels / in_line)
    return int(needed) + 40


def picture(source: Path, target: Path, width: int, height: int) -> bool:
    """Take a screenshot of an HTML file; says whether there was a browser to do it."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        return False
    subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--force-device-scale-factor=1.5",
            f"--window-size={width},{height}",
            f"--screenshot={target}",
            source.resolve().as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return True
