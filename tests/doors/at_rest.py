"""Customers' names, phones and addresses as they come into a home, and where they would stand in clear in its files."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
from doors.rest_home import Door
from fastapi.testclient import TestClient

from linghang.customers.numbers import Numbers
from linghang.ports.channel import Message

TEXT = "给近60天没登录的客户发20元红包推稳健理财，预算1万，push，下周一开始两周，留10%对照"
PHONES = [f"1390017{n:04d}" for n in range(5000, 5008)]
PEOPLE = ["欧阳雪琴", "慕容建国", "司马相宜"]
HOUSES = ["青岛市崂山区松岭路238号", "昆明市盘龙区北京路155号", "兰州市城关区天水路9号"]


def rest(answer: Any) -> Any:
    """The result of a skill over REST."""
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def bring(door: Door, client: TestClient) -> None:
    """Customers' names, phones and addresses on every way by which they come in and go out."""
    operator = door.headers("operator")
    numbers = Numbers(door.home.engine, door.home.institution_id)
    ids = [str(one) for one in numbers.texts(np.arange(5, 13, dtype=np.uint32)).to_pylist()]
    rows = ["customer_id,name,phone,home,age"]
    rows += [f"{id},{PEOPLE[n % 3]},{PHONES[n]},{HOUSES[n % 3]},{30 + n}" for n, id in enumerate(ids[:4])]
    rows += [f"{PHONES[4]},{PEOPLE[0]},{PHONES[4]},{HOUSES[0]},{PEOPLE[0]}", f"{ids[5]},{PEOPLE[1]},{PHONES[5]}"]
    table = "\n".join(rows).encode()
    for name, data in (("people.csv", table), ("people_gb.csv", "\n".join(rows).encode("gb18030"))):
        assert client.put(f"/api/v1/uploads/{name}", content=data, headers=operator).json()["bytes"] == len(data)
    mapping = door.call("data.propose", {"source": str(door.home.path / "uploads" / "people.csv")})["result"]["mapping"]
    checked = client.post("/api/v1/data/check", json={"source": "people.csv", "mapping": mapping}, headers=operator)
    assert checked.status_code == 200, checked.text
    more = {"source": "people.csv", "mapping": mapping, "mode": "upsert"}
    done = rest(client.post("/api/v1/data/import", json=more, headers=operator))
    assert done.get("rejected") == 2, done
    mine = rest(client.post("/api/v1/data/rejected", json={"id": done["id"]}, headers=operator))
    assert PHONES[5] in json.dumps(mine["rows"])
    engineer = door.headers("engineer")
    others = rest(client.post("/api/v1/data/rejected", json={"id": done["id"]}, headers=engineer))
    assert others["masked"]
    assert len(others["rows"]) == 2
    assert not any(one in json.dumps(others, ensure_ascii=False) for one in (*PHONES, *PEOPLE, *HOUSES))
    addresses = "customer_id,address\n" + "\n".join(f"{id},{phone}" for id, phone in zip(ids, PHONES, strict=True))
    client.put("/api/v1/uploads/addresses.csv", content=addresses.encode(), headers=operator)
    told = {"table": "addresses.csv", "channel": "sms"}
    assert rest(client.post("/api/v1/customers/addresses", json=told, headers=operator))["kept"] == 8
    said = {"customer": ids[0], "word": "complaint", "source": "phone", "evidence": f"{PEOPLE[0]} {PHONES[0]}"}
    assert client.post("/api/v1/customers/note", json=said, headers=operator).status_code == 200
    listed = {"name": "名单", "ids": [*ids[:3], PHONES[6]]}
    made = client.post("/api/v1/audience/upload", json=listed, headers=operator)
    assert rest(made)["made"]["examples"] == [PHONES[6]]
    out = rest(client.post("/api/v1/audience/export", json={"form": "csv", "audience": "名单"}, headers=operator))
    got = client.get(f"/api/v1/files/{out['file']}", headers=operator)
    assert got.text.splitlines() == ["customer_id", *sorted(ids[:3], key=ids.index)]
    words = f"{PHONES[7]} 这位客户在投诉，请不要再发"
    client.post("/api/v1/agents/say", json={"text": words}, headers=operator)
    new = rest(client.post("/api/v1/campaign/new", json={"text": f"{TEXT}，联系人{PHONES[7]}"}, headers=operator))
    note = {"id": new["id"], "section": "copy", "text": words}
    commented = rest(client.post("/api/v1/approvals/comment", json=note, headers=operator))
    assert commented["text"].startswith("139****")
    outbox = door.home.context({"actor": "operator"}, lambda _line: None).channels["file"]
    outbox.hand_over([Message(f"key{n}", "sms", phone, "", f"{PEOPLE[0]}您好") for n, phone in enumerate(PHONES)])


def in_clear(home: Path) -> list[str]:
    """Where any of them stands in a file of a home, in three encodings, escaped, or in base64."""
    told = (*PHONES, *PEOPLE, *HOUSES)
    hidden = {text.encode(code) for text in told for code in ("utf-8", "gb18030", "utf-16-le")}
    hidden |= {json.dumps(text)[1:-1].encode() for text in told}
    hidden |= {part for text in told for part in _in_base64(text.encode())}
    found: list[str] = []
    for path in sorted(home.rglob("*")):
        # The analytics store, and the index over it, is where customers are; it is the one exception.
        if path.is_file() and path.relative_to(home).parts[0] not in ("analytics", "index"):
            data = path.read_bytes()
            found += [f"{path.relative_to(home)}: {one!r}" for one in hidden if one in data]
    return found


def _in_base64(data: bytes) -> set[bytes]:
    """How bytes look inside of base64, wherever they begin in it."""
    return {base64.b64encode(b"\0" * lead + data)[4 if lead else 0 : -4] for lead in range(3)}
