"""One issue from a warning to the write-off: traced, worked on, proved by its sensor, approved by another."""

import io
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import settle

CHINA = timezone(timedelta(hours=8))
STEP = {"hour": timedelta(hours=1), "day": timedelta(days=1), "minute": timedelta(minutes=1)}
NEEDED = {"hour": 26, "day": 4, "minute": 125}


@pytest.fixture
def entered():
    return "duty"


@pytest.fixture
def office(browser, living, states, view):
    """Return what asks the API as a person: (name, method, path, body) → answer."""
    contexts = {}

    def ask(name, method, path, body=None, revision=None, **more):
        if name not in contexts:
            contexts[name] = browser.new_context(**view, storage_state=states(name))
        request = contexts[name].request
        csrf = request.get(f"{living}/api/v1/session").json()["csrf"]
        headers = {"X-CSRFToken": csrf, "Origin": living, "Accept-Language": "zh-CN"}
        headers |= {"If-Match": f'"{revision}"'} if revision is not None else {}
        given = {"data": body} if body is not None else {}
        return request.fetch(f"{living}/api/v1/{path}", method=method, headers=headers, **given, **more)

    yield ask
    for context in contexts.values():
        context.close()


@pytest.fixture
def warned(office):
    """Return an issue that a warning raised, of a sensor with a limit; opened from an alert that stands."""
    alerts = office("duty", "GET", "alerts").json()["items"]
    standing = [
        one for one in alerts if one["kind"] == "exceedance" and one["period"] in STEP and one["limit"]
    ]
    if not standing:
        pytest.skip("no exceedance stands in the city just now")
    alert = {name: standing[0][name] for name in ("kind", "feature", "subject", "period")}
    made = office("duty", "POST", "issues", {"alert": alert})
    assert made.ok, made.text()
    issue = made.json()
    if not issue["open"]:
        issue = move(office, "duty", issue, "reopen", relapse="relapsed", finding="再次超标")
    while issue["state"] not in ("clue", "accepted", "dispatched"):
        issue = move(
            office,
            "duty",
            issue,
            "send_back" if issue["state"] != "decided" else "report",
            finding="重新办理",
        )
        if issue["state"] == "decided":
            break
    return issue


def move(office, who, issue, transition, **outputs):
    body = {"transition": transition, "outputs": outputs}
    answer = office(who, "POST", f"issues/{issue['number']}/moves", body, issue["revision"])
    assert answer.ok, answer.text()
    return answer.json()


def attach(office, who, number, content):
    file = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": content}
    form = {"file": file, "kind": "photo"}
    answer = office(who, "POST", f"issues/{number}/evidence", multipart=form)
    assert answer.ok, answer.text()


def heal(office, issue):
    """Hand in values of the same sensor within the limit, from the next full period on."""
    period = issue["facts"]["period"]
    limit = issue["facts"]["limit"]
    good = float(limit["value"]) * (1.5 if limit["bound"] in ("lower", "min") else 0.5)
    step = STEP[period]
    begin = (datetime.now(CHINA) + step).replace(minute=0, second=0, microsecond=0)
    begin = begin.replace(hour=0) + timedelta(days=1) if period == "day" else begin
    lines = ["# 模拟数据", "station,parameter,period,time,value,unit"]
    for n in range(NEEDED[period]):
        time = (begin + n * step).strftime("%Y-%m-%d" if period == "day" else "%Y-%m-%d %H:%M")
        lines.append(
            f"{issue['place']},{issue['parameter']},{period},{time},{good:.3f},{issue['facts']['unit']}"
        )
    content = "\n".join(lines).encode()
    file = {"name": "healed.csv", "mimeType": "text/csv", "buffer": io.BytesIO(content).getvalue()}
    form = {"file": file, "format": "template", "simulated": "true"}
    upload = office("monitoring", "POST", "imports", multipart=form)
    assert upload.ok, upload.text()
    accepted = office("monitoring", "POST", f"imports/{upload.json()['id']}/accept")
    assert accepted.ok, accepted.text()


def test_a_warning_is_written_off_after_its_curve_has_healed(
    open_room, page, office, warned, living, shoot, faults
):
    issue, number = warned, warned["number"]
    if issue["state"] == "clue":
        open_room(f"/issues/{number}")
        page.get_by_role("button", name="提交“受理”").click()
        expect(page.locator(".detail-timeline")).to_contain_text("受理")
        issue = office("duty", "GET", f"issues/{number}").json()
    if issue["state"] == "accepted":
        lead = office("duty", "GET", f"issues/{number}/leads").json()["items"][0]["organisation"]
        issue = move(office, "duty", issue, "dispatch", lead=lead, requirement="查清来源，立即整改")
    if issue["state"] == "dispatched":
        open_room(f"/issues/{number}#trace")
        expect(page.locator(".trace-head")).to_contain_text("污染源")
        shoot("issue-trace")
        attach(office, "inspector", number, f"site {issue['revision']}".encode())
        told = office("inspector", "GET", f"issues/{number}/trace").json()
        issue = office("inspector", "GET", f"issues/{number}").json()
        outputs = {"finding": "现场核实", "cause": "设备故障", "traced": told["conclusion"]}
        issue = move(office, "inspector", issue, "investigate", **outputs)
        issue = move(office, "duty", issue, "decide", decision="order", requirement="三日内改正", days=3)
    attach(office, "inspector", number, f"repaired {issue['revision']}".encode())
    issue = move(
        office, "inspector", issue, "rectify", measures="更换部件", done_on=f"{datetime.now(CHINA):%Y-%m-%d}"
    )
    attach(office, "duty", number, f"seen {issue['revision']}".encode())

    open_room(f"/issues/{number}#steps")
    page.get_by_role("radio", name="核查", exact=True).click()
    page.locator(".schema-form select").first.select_option("site")
    page.locator(".schema-form textarea").first.fill("现场已恢复")
    page.get_by_role("button", name="提交“核查”").click()
    expect(page.locator(".schema-form [role=alert]").first).to_contain_text("达标")
    faults.clear()  # the refusal of the API stands in the console as well
    heal(office, issue)
    page.get_by_role("button", name="提交“核查”").click()
    expect(page.locator(".detail-head")).to_contain_text("核查")
    expect(page.locator(".detail-timeline")).to_contain_text("现场已恢复")
    page.goto(f"{living}/issues/{number}#curve")
    settle(page)
    expect(page.locator(".cure")).to_contain_text("曲线已证明")
    shoot("issue-healed")

    page.goto(f"{living}/issues/{number}?step=write_off#steps")
    settle(page)
    page.locator(".schema-form textarea").first.fill("整改完成，曲线达标")
    page.get_by_role("button", name="提交“销号”").click()
    expect(page.locator(".steps-note").first).to_contain_text("待审批")
    proposal = office("duty", "GET", f"issues/{number}").json()["write_off"]
    assert office("duty", "POST", f"proposals/{proposal}/approve", {"reason": "自己同意"}).status == 403
    approved = office("leader", "POST", f"proposals/{proposal}/approve", {"reason": "同意销号"})
    assert approved.ok, approved.text()
    open_room(f"/issues/{number}")
    expect(page.locator(".detail-head")).to_contain_text("销号")
    assert faults == []


def test_two_people_at_one_issue_lose_nothing(open_room, page, office):
    told = {
        "title": "河边异味（两人同时办理）",
        "category": "odour",
        "region": "990001",
        "lon": 124.3,
        "lat": 28.18,
    }
    issue = office("duty", "POST", "issues", told).json()
    open_room(f"/issues/{issue['number']}#steps")
    page.get_by_role("radio", name="受理", exact=True).click()
    move(office, "duty", issue, "accept", category="odour", level="serious")
    page.locator(".schema-form textarea").last.fill("我写的内容不能丢")
    page.get_by_role("button", name="提交“受理”").click()
    merge = page.get_by_role("alertdialog")
    expect(merge).to_contain_text("我写的内容不能丢")
    expect(merge).to_contain_text("serious")
    merge.get_by_role("button", name="作为“报告进展”提交").click()
    expect(page.locator(".detail-timeline")).to_contain_text("我写的内容不能丢")
    steps = office("duty", "GET", f"issues/{issue['number']}").json()["steps"]
    assert [one["transition"] for one in steps] == ["open", "accept", "report"]


@pytest.mark.parametrize("view_name", ["list", "board", "map", "ages"])
def test_the_desk_of_issues_in_every_view(open_room, page, view_name, faults):
    open_room(f"/issues?view={view_name}")
    expect(page.locator(".issues-views [aria-checked=true]")).to_be_visible()
    assert faults == []


def test_many_issues_are_supervised_at_once(open_room, page, office):
    for n in range(2):
        told = {
            "title": f"批量督办样例{n}",
            "category": "dust",
            "region": "990001",
            "lon": 124.31,
            "lat": 28.18,
        }
        issue = office("duty", "POST", "issues", told).json()
        move(office, "duty", issue, "accept", category="dust", level="general")
    open_room("/issues?view=list")
    page.locator(".list-tools input[type=search], .list-tools input").first.fill("批量督办样例")
    expect(page.locator(".list-grid tbody tr")).not_to_have_count(0)
    page.wait_for_timeout(800)
    page.locator(".list-grid thead input[type=checkbox]").check()
    page.get_by_role("button", name="督办").last.click()
    form = page.get_by_role("dialog")
    form.locator("textarea").first.fill("三日内书面报告进展")
    form.locator("textarea").last.fill("超期未办结")
    form.locator("button[type=submit]").click()
    expect(form).to_contain_text("已办理")


def test_statistics_and_bulletins(open_room, page, shoot, faults):
    open_room("/statistics")
    shoot("statistics")
    expect(page.locator("h1")).to_contain_text("问题统计")
    open_room("/bulletins")
    with page.expect_response(
        lambda answer: answer.url.endswith("/bulletins") and answer.request.method == "POST"
    ):
        page.get_by_role("button", name="编制本周周报").click()
    expect(page.get_by_role("status").first).to_contain_text("周报")
    with page.expect_download() as got:
        page.locator("a", has_text="docx").first.click()
    assert got.value.suggested_filename.endswith(".docx")
    assert faults == []
