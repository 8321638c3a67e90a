"""Title, issuer, number, dates and whose plan a document is; what a document does not say stays empty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from huanzhi.plans.blocks import Block
from huanzhi.plans.folding import fold
from huanzhi.plans.furniture import is_furniture
from huanzhi.plans.model import Source
from huanzhi.plans.words import group, one_of, words

_OF_STATE = re.compile("^国务院|^国家|^(?:中华人民共和国)?生态环境部|^中共中央|全国")
NATIONAL = 3
"""A document that says 全国 so often, and names no region oftener, is of the whole country."""

HEAD = 4000
"""Metadata stand within so many characters of the start."""

_TITLE = re.compile(
    r"[^。;]{0,60}(?:通知|意见|方案|计划|规划|办法|的函|决定|条例|纲要|清单|规定|公告|要点|报告|批复|细则|行动|(?:重点|主要|工作|目标)任务|(?:任务|责任|目标)(?:分解|分工|书)|工作安排|工作部署|若干措施)(?:表)?(?:[》”]|\([^()]{1,30}\))*(?:的通知|意见的函|的函)?"
)
_GIVEN = re.compile(
    "现(?:将|印发|下达)《(?P<title>[^《》]{0,50}?(?:方案|计划|规划|意见|要点|办法|纲要|任务)(?:\\([^()]*\\))?)》"
)
_SPACED = re.compile(r"(?<=[一-龥]) +(?=(?:[一-龥] +){0,3}[一-龥] *:)")
_NUMBER = re.compile(r"[一-龥]{1,10}〔(20\d\d)〕\d{1,4}号")
_DATE = re.compile(r"(20\d\d)[年.-](\d{1,2})[月.-](\d{1,2})日?")
_PLACE = r"[一-龥]{2,7}?(?:自治区|自治州|自治县|省|市|区|县|旗|盟|州|街道|镇|乡)"
_LEADING = re.compile(
    rf"(?:中共)?(?P<a>{_PLACE})(?P<b>(?!委|(?:人民)?政府|.{{0,3}}印发|.{{0,3}}关于|贯彻|落实|开展|推进|深入|打好|打赢|加强|全面|实施|治){_PLACE})?"
)
_PARTY = re.compile(r"^中共([一-龥]{2,9}?[省市县区旗州盟])委(?:员会)?(?:办公厅|办公室)?、?\1")
_NO_PLACE = re.compile(
    "(?:保护|园|社|城|景|开发|示范|地|山|库|流域|功能|集聚|工业)区$|^(?:大|小|中心|县级|各|设区|地级|直辖)?城市$|(?:超|集|都|股)市$|^(?:全|各|本|我|该|有|关于|美丽|平安|健康)|^(?:直辖|设区|地级|县级)市$|(?:城|村|集|建制|小|重点|中心|特色)镇$|(?:城|下|返|家)乡$|(?:郡|知|州)县$"
)
_SIGNED = re.compile(rf"[一-龥、()]{{2,40}}{group('bodies', 'endings')}")
_SIGNED_INLINE = re.compile(r"(?:人民政府|办公厅|办公室|委员会)(20\d\d)年(\d{1,2})月(\d{1,2})日")
_PERIOD = re.compile(r"(20\d\d)年?[-~—至]{1,2}(20\d\d)年?")
_ISSUER = re.compile(
    r"(.{2,30}?(?:人民政府办公室|人民政府|办公厅|办公室|厅|局|委员会|领导小组|委))(?:关于|印发)"
)


@dataclass(frozen=True)
class About:
    """What the document says of itself."""

    fields: dict[str, str]
    region: str
    inferred: bool
    annual: int | None
    """The one year of an annual plan, by its title."""
    period: tuple[int, int] | None
    """The first and the last year of the plan, by its title."""
    starts: int | None
    """First year that the plan can speak of as still to come; None where the document does not tell."""


def about(source: Source, blocks: Sequence[Block], places: Iterable[str]) -> About:
    """Return the metadata of a document, the region that it is about, and the year that it starts in.

    Parameters
    ----------
    source : Source
        The document.
    blocks : sequence of Block
        Its paragraphs, without furniture.
    places : iterable of str
        Official names of regions; a document that does not name its own region is matched against them.
    """
    fields = _pairs(source.text[:HEAD])
    fields.setdefault("title", _title(source, blocks))
    fields |= {key: value for key, value in _said(source, blocks, fields).items() if key not in fields}
    fields = {key: value for key, value in fields.items() if value}
    region = _region_of_title(fields)
    known = tuple(dict.fromkeys((*words()["provinces"]["names"], *places)))
    national = _OF_STATE.search(fields.get("title", "")) is not None
    region = region or ("全国" if national else "") or _signing(blocks) or _by_short_name(fields, known)
    inferred = not region
    if inferred:
        region = _region_of_text(blocks, known)
    return About(fields, region, inferred and bool(region), _annual(fields), _period(fields), _starts(fields))


def _pairs(head: str) -> dict[str, str]:
    names = words()["metadata"]
    pattern = (
        rf"(?:^|[\n|\s])\s*({one_of(names)})\s*:[\s|]*?([^\n|]*?)(?=\s*(?:\||\n|$)|\s+{one_of(names)}\s*:)"
    )
    found: dict[str, str] = {}
    close = re.sub(r"(:)[ \t]*\|", r"\1", _SPACED.sub("", fold(head)))
    for match in re.finditer(pattern, close):
        if match.group(2).strip():
            found.setdefault(names[match.group(1)], match.group(2).strip())
    for name in ("published", "date"):
        day = re.match(r"20\d\d\D\d{1,2}\D\d{1,2}日?(?: \d\d:\d\d(?::\d\d)?)?", found.get(name, ""))
        if name in found and day:
            found[name] = day.group()
    return found


def _title(source: Source, blocks: Sequence[Block]) -> str:
    for at, block in enumerate(blocks[:30]):
        if "。" in block.words:
            break
        if block.mark or block.table is not None or not 6 <= len(block.words) <= 120 or ":" in block.words:
            continue
        if _TITLE.fullmatch(block.words) or re.search("关于.*的|印发", block.words):
            years = blocks[at + 1].words if at + 1 < len(blocks) and blocks[at + 1].table is None else ""
            return block.words + (years if re.fullmatch(r"\(" + _PERIOD.pattern + r"\)", years) else "")
    cited = next((_GIVEN.search(block.words) for block in blocks[:12] if _GIVEN.search(block.words)), None)
    if cited:
        return cited["title"]
    given = fold("".join(source.title.split()))
    return given if _TITLE.search(given) else ""


def _said(source: Source, blocks: Sequence[Block], fields: dict[str, str]) -> dict[str, str]:
    """Return number, issuer and date as the document's own words say them."""
    said: dict[str, str] = {}
    head = "\n".join(block.words for block in blocks[:12] if len(block.words) < 60)
    if number := _NUMBER.search(head):
        said["number"] = number.group()
    if issuer := _ISSUER.match(fields.get("title", "")):
        said["issuer"] = issuer.group(1)
    if inline := _SIGNED_INLINE.search("\n".join(block.words for block in blocks[:12])):
        said["date"] = "-".join((inline[1], inline[2].zfill(2), inline[3].zfill(2)))
    for before, block in pairwise(blocks):
        date = _DATE.fullmatch(block.words)
        if date and _SIGNED.fullmatch(_bare(before.words)) and not is_furniture(before.words):
            said.setdefault("date", "-".join((date[1], date[2].zfill(2), date[3].zfill(2))))
            said.setdefault("issuer", before.words)
    return said


def _bare(signature: str) -> str:
    """Return a signature without what stands in brackets behind it: 省治水办(河长办)."""
    return re.sub(r"\([^()]*\)$", "", signature)


def _region_of_title(fields: dict[str, str]) -> str:
    for name in ("title", "issuer"):
        given = re.sub(
            "^关于(?:印发|下达|分解|做好|公布|开展|加强|进一步|实施|推进|《)*", "", fields.get(name, "")
        )
        given = _PARTY.sub(r"\1", given)
        found = _LEADING.match(given) or _LEADING.match(given.partition("《")[2])
        named = [place for place in (found["b"], found["a"]) if place] if found else []
        for place in named:
            if not _NO_PLACE.search(place):
                return place
    return ""


def _signing(blocks: Sequence[Block]) -> str:
    """Return the region that takes an obligation on itself: 「乙方:石桥区人民政府」."""
    lines = (
        re.match(f"(?:乙方|责任人?单位|签状单位)[^:]{{0,8}}:(?P<who>{_PLACE}(?:{_PLACE})?)", block.words)
        for block in blocks[:20]
    )
    who = next((found["who"] for found in lines if found), "")
    parts = _LEADING.match(who)
    return (parts["b"] or parts["a"]) if parts else ""


def _by_short_name(fields: dict[str, str], places: tuple[str, ...]) -> str:
    """Return the province or city that the title calls by its short name: 「广西水污染防治…方案」."""
    title = re.sub("^关于(?:印发|《)*", "", fields.get("title", ""))
    for ending in (("自治区", "省"), ("市",)):
        for place in (each for each in places if each.endswith(ending)):
            short = _short(place)
            behind = title[len(short) :]
            waters = re.match("流域|[江河湖海湾]|地区|周边|及|水库", behind)
            if len(short) >= 2 and (f"美丽{short}" in title or (title.startswith(short) and not waters)):
                return place
    return ""


def _short(place: str) -> str:
    return re.sub("(?:维吾尔|壮族|回族)?(?:自治区|自治州|自治县|省|市|区|县|旗|盟)$", "", place)


def _said_of(place: str, text: str) -> int:
    """Return how often a text speaks of a place; 以上城市 does not speak of 上城区, nor 城中村 of 城中区."""
    short = _short(place)
    ending = place[len(short) :]
    if len(short) < 2 or short not in text:
        return 0
    return sum(
        text.startswith(ending, found.end())
        or re.match("[市区县旗村镇]", text[found.end() : found.end() + 1]) is None
        for found in re.finditer(f"(?<!以)(?:{re.escape(short)})", text)
    )


def _region_of_text(blocks: Sequence[Block], places: tuple[str, ...]) -> str:
    text = "".join(block.words for block in blocks if block.table is None)
    level = _level(text)
    weights: Counter[str] = Counter()
    for place in places:
        if level and not place.endswith(level):
            continue
        times = _said_of(place, text)
        near = level and place not in words()["provinces"]["names"]  # a county speaks of 上海 at times
        if times and (near or place in text):
            weights[place] += times + 20 * text.count("美丽" + _short(place))
    for found in re.finditer(
        r"(?<![一-龥])([一-龥]{2,3}(?:市|区|县|旗))(?=人民政府|委、|政府|生态环境局)", text
    ):
        if not level or found.group(1).endswith(level):
            weights[found.group(1)] += 0 if _NO_PLACE.search(found.group(1)) else 2
    if not level and text.count("全国") >= max(NATIONAL, *weights.values(), 0):
        return "全国"
    return weights.most_common(1)[0][0] if weights else ""


def _level(text: str) -> tuple[str, ...]:
    """Return the ending of the names of regions of the document's own level, by 全市, 我区 and the like."""
    levels = {char: text.count("全" + char) + 3 * text.count("我" + char) for char in "市区县省旗"}
    best = max(levels, key=lambda char: levels[char])
    return (best, "自治" + best) if levels[best] else ()


def _annual(fields: dict[str, str]) -> int | None:
    """Return the year of a plan for one year: 「2018年行动计划」, 「2023年度工作要点」."""
    title = re.sub("〔[^〕]*〕", "", fields.get("title", ""))
    found = re.findall(r"20\d\d", title)
    named = re.search(r"20\d\d年(?:度)?[一-龥]{0,24}?(?:计划|方案|要点|清单|任务|工作|目标)", title)
    return int(found[0]) if named and len(found) == 1 else None


def _period(fields: dict[str, str]) -> tuple[int, int] | None:
    """Return the years of a plan by its title: 「(2026—2028年)」, 「“十五五”」."""
    title = fields.get("title", "")
    if found := _PERIOD.search(title):
        return int(found[1]), int(found[2])
    named = [plan for plan in words()["years"]["plans"] if plan["name"] in title]
    return (int(named[0]["from"]), int(named[0]["to"])) if named else None


def _starts(fields: dict[str, str]) -> int | None:
    """Return the year before which figures are of the past: of the plan's period, its number or its date."""
    title = fields.get("title", "")
    years = [int(found[1]) for found in [_PERIOD.search(title)] if found]
    years += [plan["from"] for plan in words()["years"]["plans"] if plan["name"] in title]
    if years:
        return min(years)
    for text in (fields.get("number", ""), fields.get("date", ""), fields.get("published", "")):
        if found := re.search(r"20\d\d", text):
            return int(found.group())
    return None
