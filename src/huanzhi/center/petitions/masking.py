"""Masking 脱敏: numbers of telephones and papers, addresses and names of a text become stars; pure.

What the informant gave (name, telephone, address, paper) is masked wherever it stands; beyond that, what
looks like such a number, and a name that somebody gives as his own. It errs to the side of masking too much.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

STARS = "***"
SOMEBODY = "某某"
_SIGNS = "〇零○一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖"
_GAP = r"[\s\-—–‐_.·,，/\\()（）]{0,3}"
_NUMBER = re.compile(rf"(?<![\dA-Za-z])\+?\d(?:{_GAP}\d){{6,24}}(?:{_GAP}[xX])?(?![\dA-Za-z])")
_SPOKEN = re.compile(rf"[{_SIGNS}\d](?:{_GAP}[{_SIGNS}\d]){{6,24}}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CHAT = re.compile(r"((?:微信号?|QQ号?|qq号?|WeChat|wechat)[\s:：是为]*)([A-Za-z0-9_\-]{4,32})")
_HOME = re.compile(
    r"\d{1,4}\s*(?:栋|幢|号楼|座)(?:\s*\d{1,3}\s*单元)?(?:\s*\d{1,5}\s*(?:室|号|户))?"
    r"|\d{1,3}\s*单元\s*\d{1,5}\s*(?:室|号|户)?"
    r"|(?:\d{1,4}\s*弄\s*)?\d{1,4}\s*号\s*\d{1,5}\s*(?:室|户)|\d{1,4}\s*弄\s*\d{1,4}\s*号"
)
_LIVES = re.compile(
    r"((?:家|我|本人|现)住(?:在|于|址)?|居住[在于]|住(?:在|址)|[，,。；;]\s*住|(?:家庭|联系|通讯)地址)"
    r"([:：是为]?\s*)(?!宅|户|建|房|院|持|\*)[^，。；,;\s]{2,40}"
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵汪祁毛禹狄米贝明臧计伏"
    "成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解"
    "应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀惠曲封靳段焦谷侯宓班仰仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶幸司黎薄印宿"
    "白怀蒲鄂索赖卓蔺屠蒙池乔温庄晏柴瞿阎连习艾向古易廖居耿满弘匡国文广沃越欧利师巩聂晁敖冷辛那简饶曾关游岳娄阙"
)
_NAME = rf"[{_SURNAMES}][\u4e00-\u9fff·]{{1,3}}"
_TOLD = re.compile(
    rf"((?:我叫|我是|本人叫|本人是|本人|我的名字[是叫]?|姓名|举报人|投诉人|信访人|联系人|反映人|来电人|称呼)\s*[:：为是叫]?\s*)({_NAME}?)"
    r"(?=$|[\s,，。；;、:：（(]|电话|手机|住|家|要|在|反映|举报|投诉|向)"
)
_LEAST = 2


def folded(text: str) -> str:
    """Return a text with full-width digits and letters made plain."""
    return "".join(
        unicodedata.normalize("NFKC", sign)
        if "\uff01" <= sign <= "\uff5e" and sign not in "，：；（）！？"
        else sign
        for sign in text
    )


def masked(text: str, known: Mapping[str, str] | None = None) -> str:
    """Return a text without what tells of the informant.

    Parameters
    ----------
    known : mapping
        ``name``, ``phone``, ``address``, ``identity``, ``contact`` as the informant gave them; empty ones
        are left out. ``marked``: passages that a handler marked, one a line, as names of third persons.

    Returns
    -------
    str
        The text with stars; a text without anything to hide is returned with full-width digits made plain.
    """
    found = folded(text.replace("\x00", ""))
    for name, value in (known or {}).items():
        for form in _forms(name, folded(value or "")):
            found = form.sub(SOMEBODY if name == "name" else STARS, found)
    found = _MAIL.sub(STARS, found)
    found = _CHAT.sub(rf"\1{STARS}", found)
    found = _NUMBER.sub(_number, found)
    found = _SPOKEN.sub(_number, found)
    found = _HOME.sub(STARS, found)
    found = _LIVES.sub(rf"\1\2{STARS}", found)
    return _TOLD.sub(rf"\1{SOMEBODY}", found)


def masked_phone(phone: str) -> str:
    """Return a telephone number of which the middle is hidden: ``138****5678``."""
    plain = folded(phone).strip()
    if len(plain) < 7:
        return "*" * len(plain)
    return (
        f"{plain[:3]}{'*' * (len(plain) - 7)}{plain[-4:]}"
        if len(plain) > 8
        else f"{plain[:2]}{'*' * (len(plain) - 2)}"
    )


def masked_name(name: str) -> str:
    """Return a name of which only the first sign is shown."""
    return f"{name[:1]}{'*' * min(max(len(name) - 1, 1), 3)}" if name else ""


def _number(found: re.Match[str]) -> str:
    """Hide a number as long as one of a telephone or a paper; dates and quantities stay."""
    digits = sum(sign.isdigit() or sign in _SIGNS for sign in found[0])
    if (
        digits < 7
        or _DATE.fullmatch(found[0].strip())
        or _OURS.match(found.string, max(found.start() - 3, 0))
    ):
        return found[0]
    return STARS


_OURS = re.compile(r"(?:XF|HZ|JL|XS|YQ)-20\d{6}-\d{3,4}(?!\d)")
"""Numbers that the platform itself gives."""

_DATE = re.compile(
    r"20\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?:[ T]\d\d)?"
    r"|20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)


def _forms(name: str, value: str) -> Iterable[re.Pattern[str]]:
    """Return what a given value may look like in a text."""
    plain = value.strip()
    if name == "marked":
        yield from marked_forms(plain)
    elif name == "name":
        yield from _name_forms(plain)
    elif name in ("phone", "identity", "contact"):
        yield from _code_forms(plain)
    elif len(plain) >= _LEAST:
        yield re.compile(_loose(plain), re.IGNORECASE)
        yield from (re.compile(re.escape(part), re.IGNORECASE) for part in _parts(plain))


def marked_forms(marked: str) -> Iterable[re.Pattern[str]]:
    """Return what passages look like that a handler marked, one a line: as they stand, spaces apart."""
    lines = {folded(line).strip() for line in marked.splitlines()}
    for passage in sorted(lines, key=lambda one: (-len(one), one)):
        if passage:
            yield re.compile(_loose(passage), re.IGNORECASE)


def _name_forms(name: str) -> Iterable[re.Pattern[str]]:
    if len(name) < _LEAST:
        return
    yield re.compile(_loose(name), re.IGNORECASE)
    if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", name):
        yield re.compile(rf"{re.escape(name[0])}\s*(?=先生|女士|小姐|阿姨|大爷|大妈|师傅|老师)")
        yield re.compile(rf"(?<=[老小阿]){re.escape(name[0])}(?![\u4e00-\u9fff])")
        if len(name) > 2:
            yield re.compile(re.escape(name[1:]))
    else:
        yield from (
            re.compile(re.escape(part), re.IGNORECASE) for part in re.split(r"[\s·.]+", name) if len(part) > 2
        )


def _code_forms(code: str) -> Iterable[re.Pattern[str]]:
    signs = [sign for sign in code if sign.isalnum()]
    if len(signs) >= 4:
        spoken = [
            rf"[{sign}{_SPOKEN_OF.get(sign, '')}]" if sign.isdigit() else re.escape(sign) for sign in signs
        ]
        yield re.compile(_GAP.join(spoken), re.IGNORECASE)


def _parts(address: str) -> list[str]:
    """Return the parts of an address that tell most: its numbers with their words, and its end."""
    return [
        part
        for part in re.findall(r"[\u4e00-\u9fffA-Za-z]{0,6}\d+[\u4e00-\u9fff\-\d]*", address)
        if len(part) > 2
    ]


def _loose(value: str) -> str:
    return r"[\s·.]*".join(re.escape(sign) for sign in value if not sign.isspace())


_SPOKEN_OF = {
    "0": "〇零○", "1": "一壹幺", "2": "二贰两", "3": "三叁", "4": "四肆",
    "5": "五伍", "6": "六陆", "7": "七柒", "8": "八捌", "9": "九玖",
}  # fmt: skip
