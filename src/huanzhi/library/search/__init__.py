"""Search 搜索: everything that has a name, found by name, code, pinyin, initials or alias."""

from __future__ import annotations

from huanzhi.library.search.names import Entry, Found, Names

__all__ = ["Entry", "Found", "Names"]
