"""Links as people paste them: read strictly, kept without what only tracks the reader."""

from __future__ import annotations

import re

from yarl import URL

from ingest.parsed import RefusedError

LONGEST_LINK = 2_000
"""Characters; what browsers and servers agree on."""

_SCHEME = re.compile(r"([a-z][a-z0-9+-]{0,19}):(?!\d)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?\.?")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\]")
_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_", "_hs")
_TRACKING = frozenset(
    "fbclid gclid gclsrc dclid wbraid gbraid msclkid yclid ysclid ymclid twclid ttclid igshid igsh "
    "li_fat_id mc_cid mc_eid mkt_tok oly_enc_id oly_anon_id vero_id _openstat xtor wickedid "
    "smid cmpid ncid s_cid spm share_source share_token".split()
)
# Faces of one and the same site.
_FACES = re.compile(r"^(?:(?:www\d?|m|mobile|amp)\.)+(?=.*\.)")


def is_link(text: str) -> bool:
    """Whether a person who typed this meant an address on the web, and not a file."""
    return bool(re.match(r"\s*[a-z][a-z0-9+.-]{1,19}://", text, re.IGNORECASE))


def read_link(text: str) -> URL:
    """The http(s) address that a person pasted, in normal form and without its fragment.

    Raises :class:`RefusedError` for anything else, and for addresses that are made to be
    misread: with a user name, with characters that can't be seen, too long.
    """
    text = text.strip().removeprefix("<").removesuffix(">")
    if len(text) > LONGEST_LINK:
        raise RefusedError(f"The link is longer than {LONGEST_LINK:,} characters; use a plain one.")
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise RefusedError(
            f"Tumen opens web pages (https:// and http://), not {scheme[1].lower()}: links."
        )
    if not re.match(r"https?://[^/]", text, re.IGNORECASE):
        raise RefusedError("That is no whole link; copy it again, with https:// at its beginning.")
    if _UNSEEN.search(text):
        raise RefusedError(
            "The link has a space, a backslash or an invisible character in it; copy it again from "
            "the browser's address bar."
        )
    try:
        url = URL(text)
        host, user, password = url.raw_host or "", url.raw_user, url.raw_password
        url.explicit_port  # noqa: B018 - raises where it is no number
    except ValueError:
        raise RefusedError(
            "The link is not written as a web address is; copy it again from the browser."
        ) from None
    if user is not None or password is not None or "@" in url.raw_authority:
        raise RefusedError(
            "The link holds a user name or a password (what stands before the @); Tumen opens only "
            "pages that everybody may read."
        )
    if not (_HOST.fullmatch(host) or ":" in host) or ".." in host or len(host) > 253:
        raise RefusedError(
            "The link has no proper site name in it; copy it again from the browser."
        )
    return url.with_fragment(None)


def join_link(url: URL, location: str) -> URL:
    """Where a redirect leads; raises :class:`RefusedError` as :func:`read_link` does."""
    try:
        target = str(url.join(URL(location)))
    except ValueError:
        target = ""
    return read_link(target)


def without_tracking(url: URL) -> URL:
    """The address without parameters that only say where the reader came from."""
    kept = [
        (name, value)
        for name, value in url.query.items()
        if name.lower() not in _TRACKING and not name.lower().startswith(_TRACKING_PREFIXES)
    ]
    if len(kept) == len(url.query):
        return url.with_fragment(None)
    return url.with_query(kept or None).with_fragment(None)


def site(url: URL) -> str:
    """The host without ``www.``, ``m.`` and the like: what readers take for one site."""
    return _FACES.sub("", (url.host or "").lower().rstrip("."))


def canonical(claimed: str, url: str, *, related: bool = False) -> str:
    """The address to show for a page that was found at ``url`` and claims another as its own.

    The claim counts within the same site only, or if the two sites are ``related``: a page
    elsewhere must not pass for a page of a news agency. A claim to be the site's front page is
    a mistake in many templates.
    """
    found = URL(url)
    try:
        own = without_tracking(read_link(claimed))
    except RefusedError:
        return url
    elsewhere = site(own) != site(found) and not related
    if elsewhere or (own.path in ("", "/") and not own.query_string):
        return url
    return str(own)
