"""Feeds 订阅: publications and corrections as Atom and RSS; pure.

References
----------
.. [1] RFC 4287 (Atom).
.. [2] RSS 2.0 Specification.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = {"atom": "application/atom+xml; charset=utf-8", "rss": "application/rss+xml; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a feed; `address` is whole, with the name of the host."""

    id: str
    title: str
    address: str
    at: datetime
    words: str
    category: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with the newest entries first; `address` is where people read the same."""

    title: str
    address: str
    own: str
    language: str
    updated: datetime
    entries: Sequence[Entry]


def atom(feed: Feed) -> bytes:
    """Return a feed as Atom."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", feed.language)
    _text(root, "title", feed.title, ATOM)
    _text(root, "id", feed.own, ATOM)
    _text(root, "updated", feed.updated.isoformat(timespec="seconds"), ATOM)
    _link(root, feed.own, "self")
    _link(root, feed.address, "alternate")
    _text(etree.SubElement(root, f"{{{ATOM}}}author"), "name", feed.title, ATOM)
    for one in feed.entries:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        _text(entry, "title", one.title, ATOM)
        _text(entry, "id", one.id, ATOM)
        _text(entry, "updated", one.at.isoformat(timespec="seconds"), ATOM)
        _link(entry, one.address, "alternate")
        etree.SubElement(entry, f"{{{ATOM}}}category", term=one.category)
        _text(entry, "summary", one.words, ATOM)
    return _written(root)


def rss(feed: Feed) -> bytes:
    """Return a feed as RSS 2.0."""
    root = etree.Element("rss", version="2.0", nsmap={"atom": ATOM})
    channel = etree.SubElement(root, "channel")
    _text(channel, "title", feed.title)
    _text(channel, "link", feed.address)
    _text(channel, "description", feed.title)
    _text(channel, "language", feed.language)
    _text(channel, "lastBuildDate", format_datetime(feed.updated))
    etree.SubElement(channel, f"{{{ATOM}}}link", href=feed.own, rel="self", type=MEDIA["rss"].split(";")[0])
    for one in feed.entries:
        item = etree.SubElement(channel, "item")
        _text(item, "title", one.title)
        _text(item, "link", one.address)
        _text(item, "description", one.words)
        _text(item, "category", one.category)
        _text(item, "pubDate", format_datetime(one.at))
        _text(item, "guid", one.id).set("isPermaLink", "false")
    return _written(root)


def _text(parent: etree._Element, name: str, words: str, space: str = "") -> etree._Element:
    made = etree.SubElement(parent, f"{{{space}}}{name}" if space else name)
    made.text = "".join(sign for sign in words if sign.isprintable() or sign in "\n\t")
    return made


def _link(parent: etree._Element, address: str, rel: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", href=address, rel=rel)


def _written(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written
