"""Answers are in the edition of what they answer."""

from __future__ import annotations

import pytest

from huanzhi.network.hj212 import Decoded, Packet, Verdict, build, decode_line
from huanzhi.network.hj212.answers import acknowledgement, request_accepted, request_done

from .samples import MN, PRINTED_2017, needs_shared, segment, vectors


def read(text: str, kind: Verdict = Verdict.HJ212) -> Decoded:
    """Decode the frame of a segment."""
    return decode_line(build(text.encode(), kind))


def said(packet: Packet | None) -> str | None:
    """Return the segment of an answer."""
    return packet.text() if packet else None


QN = "QN=20240601085857223"
HEADER = f"PW=123456;MN={MN}"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (segment(), f"QN=20240601085857223;ST=91;CN=9014;{HEADER};Flag=4;CP=&&&&"),
        (segment(Flag="9"), f"QN=20240601085857223;ST=91;CN=9014;{HEADER};Flag=8;CP=&&&&"),
        (
            segment(cn="9015", area="", Flag="9"),
            f"QN=20240601085857223;ST=91;CN=9013;{HEADER};Flag=8;CP=&&&&",
        ),
        (segment(cn="1013", area="PolId=a"), f"QN=20240601085857223;ST=91;CN=9013;{HEADER};Flag=4;CP=&&&&"),
        (
            segment(cn="2051", Flag="3", PNUM="1", PNO="1"),
            f"ST=91;CN=9014;{HEADER};Flag=0;CP=&&QN=20240601085857223;CN=2051;PNO=1;PNUM=1&&",
        ),
        (
            segment(cn="9012", area="ExeRtn=1", Flag="1"),
            f"ST=91;CN=9013;{HEADER};Flag=0;CP=&&QN=20240601085857223&&",
        ),
        (segment(Flag="4"), None),
        (segment(cn="9014", area="", Flag="5"), None),
        (segment(cn="9012", area="ExeRtn=1"), None),
    ],
)
def test_an_answer_is_due_in_the_edition_of_the_sender(text: str, answer: str | None) -> None:
    assert said(acknowledgement(read(text))) == answer


def test_a_frame_that_is_not_taken_is_not_answered() -> None:
    assert acknowledgement(read(segment(), Verdict.MODBUS)) is None
    assert acknowledgement(decode_line(b"rubbish")) is None


def test_a_request_is_answered_as_printed_in_table_c_6() -> None:
    request = decode_line(PRINTED_2017)
    assert request.packet is not None
    head = f"QN=20160801085857223;ST=91;CN={{}};PW=100000;MN={MN};Flag=4;CP=&&{{}}=1&&"
    assert said(request_accepted(request.packet, request.edition)) == head.format("9011", "QnRtn")
    assert said(request_done(request.packet, request.edition)) == head.format("9012", "ExeRtn")


@needs_shared
def test_the_exchange_of_table_c_1_is_made_byte_for_byte() -> None:
    request, accepted, done = (row["frame"].encode() for row in vectors()[:3])
    asked = decode_line(request)
    assert asked.packet is not None
    assert build(request_accepted(asked.packet, asked.edition).text().encode()) == accepted
    assert build(request_done(asked.packet, asked.edition).text().encode()) == done
