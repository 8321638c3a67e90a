"""Masking: no way of writing a name, a telephone or a paper gets through; quantities and dates stay."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.center.petitions.masking import masked, masked_name, masked_phone
from huanzhi.center.petitions.pictures import kind_of, stripped

SURNAMES = "赵钱孙李周吴郑王冯陈欧谢"
GIVEN = "焱淼鑫垚犇骉羴猋麤"
names = st.builds(
    lambda first, rest: first + rest, st.sampled_from(SURNAMES), st.text(GIVEN, min_size=1, max_size=2)
)
phones = st.builds(
    lambda a, rest: f"1{a}{rest}", st.sampled_from("3456789"), st.text("0123456789", min_size=9, max_size=9)
)
papers = st.builds(
    lambda head, tail: f"33100{head}19900101{tail}",
    st.sampled_from("1234"),
    st.sampled_from(["0012", "123X", "4567"]),
)
gaps = st.sampled_from(["", " ", "-", " - ", "—", "."])
WAYS = {
    "plain": lambda digits: digits,
    "wide": lambda digits: "".join(chr(ord(one) + 0xFEE0) for one in digits),
    "spoken": lambda digits: "".join("零一二三四五六七八九"[int(one)] for one in digits),
    "yao": lambda digits: "".join("零幺二三四五六七八九"[int(one)] for one in digits),
}
words = st.sampled_from(["工厂夜里排气", "河水发黑", "请尽快处理", "已投诉3次", "", "臭味很大，"])


def spaced(digits, gap):
    return gap.join((digits[:3], digits[3:7], digits[7:]))


@given(names, phones, gaps, st.sampled_from(sorted(WAYS)), words, words)
def test_what_was_given_is_masked_however_it_is_written(name, phone, gap, way, before, after):
    number = spaced(WAYS[way](phone), gap)
    text = f"{before}我叫{name}{after}，电话{number}。{name[0]} {name[1:]}住这里，找{name}"
    found = masked(text, {"name": name, "phone": phone})
    plain = "".join(unicodedata.normalize("NFKC", found).split())
    assert name not in plain
    assert phone not in "".join(sign for sign in plain if sign.isdigit())
    assert WAYS[way](phone)[-6:] not in plain


@given(phones, gaps, st.sampled_from(sorted(WAYS)), words, words)
def test_numbers_are_masked_though_nobody_gave_them(phone, gap, way, before, after):
    found = masked(f"{before}打{spaced(WAYS[way](phone), gap)}找我{after}")
    assert WAYS[way](phone)[-5:] not in "".join(found.split())


@given(papers, words)
def test_papers_are_masked(paper, before):
    assert paper not in masked(f"{before}身份证{paper}")


@given(names)
def test_a_name_that_somebody_gives_as_his_own_is_masked(name):
    for way in (
        f"我叫{name}，",
        f"本人{name}反映",
        f"姓名：{name}",
        f"联系人:{name} 电话",
        f"举报人 {name}，",
    ):
        assert name not in masked(way), way


@pytest.mark.parametrize(
    "kept",
    [
        "2026-09-14 夜间 COD 超标 3.5 倍",
        "2026年9月14日22时排放，距学校500米",
        "排放口 DW001，浓度 120 mg/L，罚款 200000 元",
        "331000 辖区滨海路 128 号",
        "我是附近居民，住宅区旁的厂",
        "与 XF-20260914-0001 同一事项，见HZ-20260914-0012",
        "排到住户门口，居住环境差",
        "本人多次反映",
    ],
)
def test_what_tells_of_nobody_stays(kept):
    assert masked(kept) == kept


@pytest.mark.parametrize(
    ("told", "hidden"),
    [
        ("我住幸福小区3幢2单元501室", "501"),
        ("家住海边路那个红房子，天天臭", "红房子"),
        ("厂在滨海路。住丙巷里288号78室", "丙巷"),
        ("联系地址：甲镇乙村", "乙村"),
        ("微信号：abc_123456", "abc_123456"),
        ("邮箱 a.b@example.com", "example"),
        ("座机0576-88881234", "88881234"),
        ("陈先生说的", "陈"),
    ],
)
def test_other_ways_to_find_somebody_are_masked(told, hidden):
    assert hidden not in masked(told, {"name": "陈焱淼"})


@given(st.text(max_size=300))
def test_any_text_can_be_masked_and_masking_again_changes_nothing(text):
    once = masked(text, {"name": "张焱"})
    assert masked(once, {"name": "张焱"}) == once


def test_a_handler_sees_the_ends_only():
    assert masked_phone("138 1234 5678".replace(" ", "")) == "138****5678"
    assert masked_phone("8888123") == "88*****"
    assert masked_name("欧阳焱") == "欧**"


def test_a_camera_tells_nothing():
    head = b"\xff\xd8\xff\xe0\x00\x04AB"
    secret = b"\xff\xe1\x00\x0dExif\x00\x00GPS!!"
    rest = b"\xff\xda\x00\x02data\xff\xd9"
    assert stripped(head + secret + rest) == head + rest
    assert stripped(head + secret) == b""
    assert kind_of(b"GIF89a") == ""
