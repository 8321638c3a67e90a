"""SensorThings gives everybody the places that they may see, and no others, by no way."""

import pyarrow as pa
import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient

from huanzhi.library.people.keys import forget, make_key
from huanzhi.library.people.signing import now
from huanzhi.library.places.models import Region, Station
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.web import application

pytestmark = pytest.mark.django_db
SEEN, HIDDEN = "SEEN", "ZQHIDDEN"


class Reads:
    def __init__(self, home):
        self.home = home

    async def run(self, work):
        with open_store("read", self.home) as store:
            return work(store)


class Asker(AsyncClient):
    def _base_scope(self, **request):
        return super()._base_scope(**request) | {"state": {application.STATE: self.parts}}


@pytest.fixture
def ask(settings, tmp_path):
    settings.SENSORTHINGS_OPEN = False
    forget()
    features, rows = [], []
    for code, region in ((SEEN, "330203"), (HIDDEN, "330205")):
        place = Region.objects.create(code=region, name=region, level="county", path=f"330200/{region}/")
        Station.objects.create(code=code, name=code, kind="air_station", region=place)
        features.append(Feature(code, code, "air_station", region_code=region, lon=121.5, lat=29.9))
        key = {"feature": code, "parameter": "a34004", "period": "hour", "time": 1735660800}
        rows.append(key | {"value": 7, "decimals": 0, "state": 0, "flag": 0, "row": 2})
    with open_store("write", tmp_path) as store:
        store.write(pa.Table.from_pylist(rows, SCHEMA), features, Source("hand", "test", "ab" * 32))
    client = Asker()
    client.parts = application.Parts(Reads(tmp_path))
    region = Region.objects.get(pk="330203")
    scopes = ["places:read", "observations:read"]
    _, words = make_key(SYSTEM, "k", scopes, now=now(), region=region)

    def asked(path, **headers):
        headers = headers or {"Authorization": f"Bearer {words}"}
        answer = async_to_sync(client.get)(f"/sta/v1.1/{path}", headers=headers)
        return answer.status_code, answer.content.decode()

    return asked


WAYS = (
    "Things",
    "Locations",
    "FeaturesOfInterest",
    "Datastreams?$expand=Thing,Observations",
    "Observations?$count=true",
    "Observations?$expand=Datastream",
    "Observations?$filter=result gt 1",
    "ObservedProperties('a34004')/Datastreams?$expand=Observations",
    "ObservedProperties?$expand=Datastreams($expand=Observations)",
    f"Things?$filter=@iot.id eq '{SEEN}' or @iot.id eq '{HIDDEN}'",
)


@pytest.mark.parametrize("path", WAYS)
def test_only_what_may_be_seen_is_told(ask, path):
    status, body = ask(path)
    assert status == 200
    assert SEEN in body or "result" in body
    assert HIDDEN not in body
    assert '"@iot.count":2' not in body


@pytest.mark.parametrize(
    "path", ["Things('{}')", "Datastreams('{}:a34004:hour')/Observations", "Things('{}')/Datastreams"]
)
def test_what_is_hidden_looks_as_if_it_were_not_there(ask, path):
    hidden, never = (ask(path.format(code)) for code in (HIDDEN, "NEVER"))
    assert hidden[0] == never[0] == 404
    assert ask(path.format(SEEN))[0] == 200


def test_nobody_in_particular_sees_nothing_internal(ask):
    assert '"value":[]' in ask("Things", Accept="*/*")[1]


def test_a_wrong_key_is_refused(ask):
    assert ask("Things", Authorization="Bearer hz_x_y")[0] == 401
