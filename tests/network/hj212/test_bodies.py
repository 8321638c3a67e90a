"""Every command has a typed body; what a vendor adds is kept."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from huanzhi.network import hj212
from huanzhi.network.hj212 import Edition, Item, bodies, tables
from huanzhi.network.hj212.bodies import CHINA, area_of, body_of
from huanzhi.network.hj212.segment import area_text, parse

from .samples import needs_shared, segment, vectors

NOON = datetime(2016, 8, 1, 8, 58, 57, tzinfo=CHINA)


def body(cn: str, area: str, edition: Edition = Edition.HJ212_2017) -> bodies.Body:
    """Return the body of a data area."""
    packet, _ = parse(segment(cn=cn, area=area))
    return body_of(packet, edition)


OLD, MID, NEW = Edition.HJT212_2005, Edition.HJ212_2017, Edition.HJ212_2025
EXAMPLES = [
    ("1000", MID, "OverTime=5;ReCount=3", bodies.Timeouts(over_time=5, re_count=3)),
    ("1001", OLD, "WarnTime=5", bodies.WarningTime(warn_time=5)),
    ("1001", NEW, "i23005-Info=A;i23006-Info=B", bodies.LoggerIdentity(logger="A", cpu="B")),
    ("1002", NEW, "i23005-Info=A;MN=1", bodies.LoggerIdentity(logger="A", mn="1")),
    ("1011", MID, "PolId=w01018;SystemTime=20160801085857", bodies.Clock(pol_id="w01018", system_time=NOON)),
    ("1014", NEW, "SKCreateTime=20160801085857000;NewSK=0", bodies.SecretKey(created=NOON, new_key="0")),
    ("1021", OLD, "PolId=101;PolId=102", bodies.AlarmLimits(pol_ids=("101", "102"))),
    ("1031", OLD, "QN=1;AlarmTarget=3882566", bodies.HostAddress(qn="1", target="3882566")),
    ("1042", OLD, "ReportTime=0101", bodies.ReportTime(report_time="0101")),
    ("1062", MID, "RtdInterval=30", bodies.RealTimeInterval(seconds=30)),
    ("1064", MID, "MinInterval=10", bodies.MinuteInterval(minutes=10)),
    ("1072", MID, "NewPW=654321", bodies.Password(new_password="654321")),
    ("2011", MID, "", bodies.PeriodRequest()),
    ("2012", MID, "", bodies.Empty()),
    (
        "2051",
        MID,
        "BeginTime=20160801085857;EndTime=20160801085857",
        bodies.PeriodRequest(begin=NOON, end=NOON),
    ),
    (
        "2081",
        MID,
        "DataTime=20160801085857;RestartTime=20160801085857",
        bodies.StartUp(data_time=NOON, restart_time=NOON),
    ),
    (
        "3011",
        NEW,
        "PolId=w01018;CalibrationType=0",
        bodies.FactorCommand(pol_id="w01018", calibration_type=0),
    ),
    ("3014", OLD, "PolId=101;Ctime=4;Ctime=10", bodies.SamplingPeriod(pol_id="101", hours=(4, 10))),
    ("3014", MID, "PolId=w01018", bodies.FactorCommand(pol_id="w01018")),
    ("3015", MID, "DataTime=20160801085857;VaseNo=1", bodies.KeptSample(data_time=NOON, vase_no=1)),
    (
        "3017",
        MID,
        "PolId=a;CstartTime=000000;Ctime=2",
        bodies.SamplingPeriod(pol_id="a", start="000000", hours=(2,)),
    ),
    ("3018", MID, "PolId=w01018;Stime=40", bodies.TimeToResult(pol_id="w01018", minutes=40)),
    ("3022", NEW, "PolId=w01018", bodies.FactorCommand(pol_id="w01018")),
    ("9011", MID, "QnRtn=1", bodies.RequestAnswer(result=1)),
    ("9012", OLD, "QN=20040516010101001;ExeRtn=1", bodies.ExecutionResult(qn="20040516010101001", result=1)),
    ("9013", MID, "", bodies.NoticeAnswer()),
    ("9014", OLD, "QN=1;CN=2051;PNO=1;PNUM=1", bodies.DataAnswer(qn="1", cn="2051", pno=1, pnum=1)),
    ("9015", NEW, "", bodies.Empty()),
]


@pytest.mark.parametrize(("cn", "edition", "area", "expected"), EXAMPLES)
def test_a_command_is_read_and_said_again(
    cn: str, edition: Edition, area: str, expected: bodies.Body
) -> None:
    found = body(cn, area, edition)
    assert found == expected
    assert area_text(area_of(found)) == area


def test_observations_are_exact_and_keep_what_a_vendor_adds() -> None:
    found = body("2011", "DataTime=20160801085857;w01018-Rtd=40.10,w01018-Flag=N,w01018-Odd=x;FANSTATUS=1")
    assert isinstance(found, bodies.Observations)
    assert found.data_time == NOON
    value = found.value("w01018", "Rtd")
    assert value is not None
    assert (value.text, value.number, found.flag("w01018")) == ("40.10", Decimal("40.10"), "N")
    assert found.value("w01018", "Odd") is not None
    assert found.extra == (Item("FANSTATUS", "1"),)
    assert (found.value("x", "Rtd"), found.flag("x")) == (None, "")


def test_a_command_of_no_edition_keeps_everything() -> None:
    found = body("3051", "MN=1;a-b=2")
    assert isinstance(found, bodies.Vendor)
    assert (found.extra, found.readings[0].code) == ((Item("MN", "1"),), "a")


def test_a_value_that_does_not_fit_is_kept_as_written() -> None:
    found = body("1062", "RtdInterval=soon")
    assert found == bodies.RealTimeInterval(extra=(Item("RtdInterval", "soon"),))


@pytest.mark.parametrize("text", ["", "2016080108585", "20161301000000", "2016080108585a", "20160801085860"])
def test_a_wrong_time_is_no_time(text: str) -> None:
    assert bodies.parse_time(text) is None


def test_every_command_of_the_table_has_its_bodies() -> None:
    for command in tables.commands().values():
        assert command.down or command.up
        assert {command.down, command.up} - {""} <= set(bodies.BODIES)
        assert command.name
    for table in ("system", "request_result", "execution_result", "mark"):
        assert all(code.name for code in tables.codes(table).values())


def test_every_edition_has_its_facts() -> None:
    assert [edition.number for edition in Edition] == [
        "HJ/T 212-2005",
        "HJ 212-2017",
        "HJ 212-2025",
        "HJ 1404-2024",
    ]
    assert Edition.HJ212_2017.clause("crc") == "HJ 212-2017 附录A"
    assert Edition.HJ1404_2024.clause("crc") == "HJ 1404-2024"


@needs_shared
def test_only_vendors_fields_are_left_over_of_the_shared_frames() -> None:
    shapes = set()
    for row in vectors():
        done = hj212.decode_line(row["frame"].encode(), hj212.Dialect(keys=(b"0" * 16,)))
        assert done.packet is not None
        found = body_of(done.packet, done.edition)
        shapes.add(type(found))
        if row["envelope"] != "as-found":
            assert found.extra == (), row
    assert len(shapes) > 25
