"""The bus: newest value only, a steady pace, slow listeners cut off, nothing missed on coming back."""

import asyncio
from itertools import pairwise

from huanzhi.library.events import Bus


def run(work):
    return asyncio.run(asyncio.wait_for(work, 10))


def test_events_of_one_key_are_gathered_into_the_newest():
    async def work():
        bus = Bus(pace=0.05)
        heard = bus.subscribe(["values"])
        bus.publish("values", [(1, {"value": "1"}), (2, {"value": "2"})])
        bus.publish("values", [(1, {"value": "3"})])
        message = await heard.next(1)
        return [event["value"] for event in message.events]

    assert sorted(run(work())) == ["2", "3"]


def test_a_topic_speaks_no_more_often_than_its_pace():
    async def work():
        bus, moments = Bus(pace=0.1), []
        heard = bus.subscribe(["values"])
        loop = asyncio.get_running_loop()
        for number in range(40):
            loop.call_later(number * 0.01, bus.publish, "values", [(number, {})])
        count = 0
        while count < 40:
            message = await heard.next(1)
            moments.append(loop.time())
            count += len(message.events)
        return [after - before for before, after in pairwise(moments)]

    assert all(gap > 0.09 for gap in run(work()))


def test_other_topics_are_not_heard():
    async def work():
        bus = Bus(pace=0.01)
        heard = bus.subscribe(["jobs"])
        bus.publish("values", [(1, {})])
        return await heard.next(0.1)

    assert run(work()) is None


def test_who_does_not_keep_up_is_cut_off_and_the_others_hear_on():
    async def work():
        bus = Bus(pace=0.0, queue=3)
        slow, quick = bus.subscribe(["values"]), bus.subscribe(["values"])
        heard = 0
        for number in range(10):
            bus.publish("values", [(number, {})])
            heard += await quick.next(1) is not None
        return slow.behind, await slow.next(0.01), quick.behind, heard

    assert run(work()) == (True, None, False, 10)


def test_who_comes_back_gets_what_it_missed_or_hears_that_it_is_gone():
    async def work():
        bus = Bus(pace=0.0, kept=3)
        heard = bus.subscribe(["values"])
        numbers = []
        for number in range(5):
            bus.publish("values", [(number, {"value": number})])
            numbers.append((await heard.next(1)).number)
        back = bus.subscribe(["values"], after=numbers[2])
        late = bus.subscribe(["values"], after=numbers[0])
        again = [(await back.next(1)).number for _ in range(2)]
        return numbers[3:] == again, back.missed, late.missed, await late.next(0.01)

    assert run(work()) == (True, False, True, None)


def test_a_number_of_another_run_is_missed():
    async def work():
        return Bus().subscribe(["values"], after=17).missed

    assert run(work())


def test_the_memory_is_bounded(monkeypatch):
    monkeypatch.setattr("huanzhi.library.events.bus.MOST_PENDING", 10)

    async def work():
        bus = Bus(pace=60.0)
        heard = bus.subscribe(["values"])
        bus.publish("values", [(0, {})])
        await heard.next(1)
        bus.publish("values", [(number, {}) for number in range(25)])
        return bus.dropped

    assert run(work()) == 15


def test_an_ending_platform_lets_listeners_go():
    async def work():
        bus = Bus()
        heard = bus.subscribe(["values"])
        asyncio.get_running_loop().call_later(0.02, bus.end)
        return await heard.next(5), heard.ended

    assert run(work()) == (None, True)
