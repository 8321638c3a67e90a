"""A citizen reports on a phone; officers accept, hand on and answer; the citizen reads it and rates it."""

import re
import uuid

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import PATIENT, settle

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def as_(browser, living, states):
    """Return what opens a page for a person who has signed in; nobody for an empty name."""
    contexts = []

    def opened(name="", **more):
        given = {
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "viewport": {"width": 1440, "height": 900},
        }
        context = browser.new_context(**given | more, storage_state=states(name) if name else None)
        context.set_default_timeout(PATIENT)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def report(page, living, words):
    """Report as somebody would on a phone; return number and code."""
    page.goto(f"{living}/open/report")
    settle(page)
    page.locator("input[name=category][value=odour]").check()
    page.locator("textarea[name=words]").fill(words)
    page.locator("select[name=region]").select_option(index=1)
    page.locator("input[name=where]").fill("化工园区东门")
    picture = page.locator("svg[role=application]")
    if picture.count():
        picture.click(position={"x": 150, "y": 90})
    page.locator("input[name=identity][value=named]").check()
    page.locator("input[name=name]").fill("郑焱淼")
    page.locator("input[name=phone]").fill("10001234567")
    page.locator(".citizen-go").click()
    number = page.locator("[data-what=number]")
    expect(number).to_have_text(re.compile(r"XF-\d{8}-\d{4}"))
    return number.inner_text(), page.locator("[data-what=code]").inner_text()


def step(page, name, fill=()):
    """Take a step on the page of a petition, with what it must bring."""
    page.get_by_role("radio", name=name, exact=True).click()
    form = page.locator(".steps form")
    for label, value in fill:
        field = form.get_by_label(re.compile(f"^{label}"))
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value) if value else field.select_option(index=1)
        else:
            field.fill(value)
    form.locator("button[type=submit], .el-button--primary").first.click()


def test_a_citizens_report_is_answered_and_rated(as_, living):
    word = uuid.uuid4().hex[:6]
    citizen = as_(viewport=PHONE)
    number, code = report(citizen, living, f"每天夜里有刺鼻气味 {word}，我叫郑焱淼，电话10001234567")
    assert citizen.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    officer = as_("petitions")
    officer.goto(f"{living}/petitions/{number}")
    settle(officer)
    expect(officer.locator(".words").first).to_contain_text(word)
    assert "郑焱淼" not in officer.content()
    assert "10001234567" not in officer.content()
    step(officer, "受理")
    expect(officer.locator(".tone").first).to_have_text("已受理")
    officer.goto(f"{living}/petitions/{number}#informant")
    settle(officer)
    expect(officer.locator("[data-field=phone]")).to_have_text("100****4567")
    officer.locator("input[name=reveal]").fill("核实现场情况")
    officer.get_by_role("button", name="查看完整信息").click()
    expect(officer.locator("[data-field=phone]")).to_have_text("10001234567")
    officer.goto(f"{living}/petitions/{number}#steps")
    settle(officer)
    step(officer, "交办", [("承办单位", ""), ("办理要求", "现场核实")])
    expect(officer.locator(".tone").first).to_have_text("办理中")
    step(officer, "办理完毕", [("查实结论", "true"), ("情况说明", "废气收集罩破损"), ("处理措施", "已更换")])
    expect(officer.locator(".tone").first).to_have_text("待答复")
    step(officer, "答复")
    expect(officer.locator(".steps-note").first).to_contain_text("待审批")

    other = as_("inspector")
    other.goto(f"{living}/petitions/{number}")
    settle(other)
    assert word not in other.content()

    leader = as_("leader")
    leader.goto(f"{living}/people?tab=proposals")
    settle(leader)
    waiting = leader.locator(".proposal", has_text=number)
    waiting.get_by_role("button", name="同意").click()
    expect(waiting).to_have_count(0)

    citizen.goto(f"{living}/open/progress?number={number}")
    settle(citizen)
    citizen.locator("input[name=code]").fill(code)
    citizen.locator(".citizen-go").click()
    expect(citizen.locator("[data-what=state]")).to_have_text("已答复")
    expect(citizen.locator("[data-what=reply]")).to_contain_text("废气收集罩破损")
    citizen.locator("input[name=score][value='5']").check()
    citizen.locator("input[name=solved][value=yes]").check()
    citizen.get_by_role("button", name="提交评价").click()
    expect(citizen.get_by_text("您已评价：5 分")).to_be_visible()


def test_a_wrong_code_tells_nothing(as_, living):
    page = as_(viewport=PHONE)
    page.goto(f"{living}/open/progress")
    settle(page)
    page.locator("input[name=number]").fill("XF-20200101-0001")
    page.locator("input[name=code]").fill("AAAAAAAAAA")
    page.locator(".citizen-go").click()
    expect(page.get_by_role("alert")).to_contain_text("不正确")


def test_a_call_is_taken_by_keyboard_alone(as_, living):
    page = as_("petitions")
    page.goto(f"{living}/petitions/new")
    settle(page)
    expect(page.locator("select").nth(1)).to_be_focused()
    for keys in ("噪", "Tab", "ArrowDown", "Tab", "words", "Tab", "where", "Control+Enter"):
        if keys in ("words", "where"):
            page.keyboard.type("夜里打桩到两点" if keys == "words" else "体育馆旁")
        elif keys == "噪":
            for _ in range(3):
                page.keyboard.press("ArrowDown")
        else:
            page.keyboard.press(keys)
    made = page.locator(".made")
    expect(made).to_contain_text(re.compile(r"XF-\d{8}-\d{4}"))
    expect(made.locator("b")).to_have_text(re.compile(r"^[0-9A-Z ]{10,}$"))


def test_a_passage_that_a_handler_masks_is_seen_by_no_second_reader(as_, living):
    name = f"褚{uuid.uuid4().hex[:6]}"
    number, _ = report(as_(viewport=PHONE), living, f"隔壁{name}夜里烧塑料，气味刺鼻")
    officer = as_("petitions")
    officer.goto(f"{living}/petitions/{number}#steps")
    settle(officer)
    expect(officer.locator(".words").first).to_contain_text(name)
    step(officer, "受理", [("转入问题的摘要", "夜里焚烧塑料")])
    expect(officer.locator(".tone").first).to_have_text("已受理")
    officer.goto(f"{living}/petitions/{number}#informant")
    settle(officer)
    officer.get_by_text("标记遮盖第三人姓名等").click()
    officer.locator("input[name=passage]").fill(name)
    officer.locator("form", has=officer.locator("input[name=passage]")).get_by_role("button").click()
    expect(officer.get_by_role("status").filter(has_text="已遮盖")).to_be_visible()
    second = as_("leader")
    second.goto(f"{living}/petitions/{number}")
    settle(second)
    expect(second.locator(".words").first).to_contain_text("夜里烧塑料")
    assert name not in second.content()
