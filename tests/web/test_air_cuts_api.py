"""Cuts in heavy-pollution weather: told with the level, noted by the enterprise, checked by officers."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from huanzhi.center.warnings.cut_models import CutMeasure, CutTask
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
API = "/api/v1/warnings/air"
NOW = datetime.now(UTC).replace(microsecond=0)


def call(client, method, path, revision=None, **body):
    held = {"HTTP_IF_MATCH": f'"{revision}"'} if revision is not None else {}
    return getattr(client, method)(
        path, json.dumps(body, default=str), content_type="application/json", **held
    )


@pytest.fixture
def city(db):
    return save(SYSTEM, Region(code="990001", name="模拟市", level="city"))


@pytest.fixture
def bodies(city):
    made = {}
    for code in ("E1", "E2"):
        made[code] = save(SYSTEM, Organisation(code=code, name=code, kind="enterprise", region=city))
        firm = Enterprise(code=f"SIM-{code}", name=code, region=city, organisation=made[code], simulated=True)
        firm = save(SYSTEM, firm)
        for level, share in (("orange", 20), ("red", 40)):
            words = f"{level} 停 {share}%"
            save(SYSTEM, CutMeasure(enterprise=firm, level=level, words=words, share=share))
    return made


@pytest.fixture
def episode(city, bodies, sign_in):
    days = [
        {"day": (NOW.astimezone(CHINA).date() + timedelta(days=n)).isoformat(), "low": 200, "high": 230}
        for n in range(2)
    ]
    forecaster, leader = sign_in("fan", city, "forecasting"), sign_in("lin", city, "leader")
    standing = call(forecaster, "put", f"{API}/forecast", region="990001", days=days).json()["standing"]
    assert not CutTask.objects.exists()  # nobody is told by a proposal
    path = f"{API}/episodes/{standing['code']}"
    made = call(leader, "post", f"{path}/activate", level="orange").json()["standing"]
    return leader, path, made


def test_who_is_on_the_list_is_told_with_the_level_and_again_when_it_changes(episode):
    leader, path, _ = episode
    assert [(one.level, one.share, one.state) for one in CutTask.objects.all()] == [
        ("orange", 20, "told")
    ] * 2
    same = call(leader, "post", f"{path}/activate", level="orange").json()["standing"]
    assert list(CutTask.objects.values_list("revision", flat=True)) == [1, 1]
    call(leader, "post", f"{path}/activate", same["revision"], level="red", reason="会商上调")
    assert [(one.level, one.share) for one in CutTask.objects.all()] == [("red", 40)] * 2
    assert Entry.objects.filter(kind="cut_task").count() == 4


def test_an_enterprise_notes_its_own_and_an_officer_checks(episode, bodies, city, sign_in):
    leader, path, standing = episode
    mine, officer = sign_in("wang", city, "enterprise", bodies["E1"]), sign_in("li", city, "inspector")
    rows = mine.get(f"{API}/cuts").json()
    assert [one["enterprise"] for one in rows["items"]] == ["SIM-E1"]
    assert mine.get(f"{API}/cut-measures?level=orange").json()["total"] == 1
    own, other = (f"{API}/cuts/{standing['code']}/SIM-{code}" for code in ("E1", "E2"))
    assert (
        mine.get(other).status_code == 404 and call(mine, "post", f"{other}/acknowledge").status_code == 404
    )
    assert call(mine, "post", f"{own}/check", outcome="kept", found="自查").status_code == 403
    seen = mine.get(own).json()
    assert (seen["revision"], seen["may_acknowledge"], seen["may_check"]) == (1, True, False)
    noted = call(mine, "post", f"{own}/acknowledge", 1)
    assert noted.status_code == 200 and noted.json()["task"]["state"] == "acknowledged"
    assert call(mine, "post", f"{own}/acknowledge").json()["error"] == "warnings.cut_noted"
    assert call(officer, "post", f"{own}/check", 1, outcome="kept", found="停线").status_code == 412
    assert call(officer, "post", f"{own}/check", outcome="fine", found="停线").status_code == 422
    assert call(officer, "post", f"{own}/check", outcome="broken", found=" ").status_code == 422
    found = call(officer, "post", f"{own}/check", 2, outcome="broken", found="涂装线仍在运行").json()
    assert found["task"]["state"] == "broken" and found["task"]["acknowledged_by"] == "wang"
    call(leader, "post", f"{path}/end", reason="转好")
    late = call(officer, "post", f"{other}/check", outcome="kept", found="停线")
    assert late.status_code == 409 and late.json()["error"] == "warnings.cut_over"


def test_the_list_leaves_as_a_sheet_and_partners_do_not_see_what_is_an_enterprise_s_own(
    episode, city, sign_in
):
    officer, partner = sign_in("li", city, "inspector"), sign_in("bo", city, "liaison")
    sheet = officer.get(f"{API}/cuts?format=csv").content.decode("utf-8-sig")
    assert sheet.count("SIM-E") == 4 and "simulated" in sheet.splitlines()[0]
    assert partner.get(f"{API}/cuts").json()["total"] == 0


def test_an_episode_is_laid_beside_the_days_around_it_and_what_is_not_known_is_unknown(
    episode, bodies, city, sign_in
):
    leader, _, standing = episode
    path = f"{API}/effects/{standing['code']}"
    told = leader.get(path).json()
    assert [one["phase"] for one in told["days"]] == ["before"] * 5 + ["during"]
    assert told["aqi"]["before"] == {"mean": None, "known": 0, "days": 5} and told["enterprises"] == 2
    rows = leader.get(f"{path}/enterprises").json()
    assert [(one["enterprise"], one["share"], one["before"], one["change"]) for one in rows["items"]] == [
        ("SIM-E1", 20, None, None),
        ("SIM-E2", 20, None, None),
    ]
    assert "SIM-E2" in leader.get(f"{path}/enterprises?format=csv").content.decode("utf-8-sig")
    assert leader.get(f"{path}?enterprise=SIM-E1").json()["items"] == []
    mine = sign_in("wang", city, "enterprise", bodies["E1"])
    assert mine.get(path).status_code == mine.get(f"{path}/enterprises").status_code == 404
    assert leader.get(f"{path}/paper").content[:2] == b"PK"
    assert leader.get(f"{API}/effects/none").status_code == 404
