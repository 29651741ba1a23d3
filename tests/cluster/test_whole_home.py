"""A whole home on a cluster: import by a mapping, events, corrections, counts, a campaign's estimate; a dead shard is an error."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from linghang.testing import clickhouse_nodes
from linghang.testing.clickhouse_nodes import CLUSTER, Node

pytestmark = [pytest.mark.cluster, pytest.mark.slow, pytest.mark.timeout(600)]
TODAY = "2026-11-23"
SENTENCE = "给30到50岁的客户推定期存款，预算5万，push加首页banner，下周一开始两周，留10%对照"


@pytest.fixture
def home(tmp_path: Path, nodes: list[Node]) -> Iterator[Mapping[str, str]]:
    """The environment of a home whose engine is the cluster; its process is stopped at the end."""
    told = {
        **os.environ, "LINGHANG_HOME": str(tmp_path / "home"), "LINGHANG_CLICKHOUSE": ",".join(one.address for one in nodes),
        "LINGHANG_CLICKHOUSE_CLUSTER": CLUSTER,
    }  # fmt: skip
    yield told
    _run(told, "home", "stop")


def _run(env: Mapping[str, str], *words: str) -> tuple[int, Any]:
    command = [sys.executable, "-c", "from linghang.doors.cli import main; main()", "--json", "--today", TODAY, *words]
    done = subprocess.run(command, env=dict(env), capture_output=True, text=True, timeout=300, check=False)
    lines = (done.stdout.strip() or done.stderr.strip()).splitlines()
    try:
        return done.returncode, json.loads(lines[-1])
    except (IndexError, ValueError):
        return done.returncode, done.stdout + done.stderr


def _done(env: Mapping[str, str], *words: str) -> Any:
    code, told = _run(env, *words)
    assert code == 0, (words, told)
    return told


def _count(env: Mapping[str, str], rule: Any) -> int:
    return int(
        _done(env, "skills", "call", "audience.count", "--arguments", json.dumps({"rule": rule}))["result"]["count"]
    )


def test_a_home_on_a_cluster_from_import_to_estimate(
    home: Mapping[str, str], nodes: list[Node], tmp_path: Path
) -> None:
    people = "".join(f"C{n:05d},{18 + n % 60},{'MF'[n % 2]},{1000 + n}.50,true,true\n" for n in range(3000))
    (tmp_path / "first.csv").write_text("customer_id,age,gender,salary_cny,consent_push,app_installed\n" + people)
    _done(home, "init", "--customers", str(tmp_path / "first.csv"))
    aged = {"field": "age", "op": "between", "value": [30, 50]}
    expected = sum(30 <= 18 + n % 60 <= 50 for n in range(3000))
    assert _count(home, aged) == expected

    (tmp_path / "more.csv").write_text("客户号;年龄\nC00000;45\nN1;40\nN2;41\nN3;x\n", "gb18030")
    done = _done(home, "data", "import", str(tmp_path / "more.csv"), "--mode", "upsert", "--as", "engineer")
    assert (done["rows"], done["accepted"], done["new"], done["changed"], done["rejected"]) == (4, 3, 2, 1, 1)
    assert _count(home, aged) == expected + 3

    deeds = "".join(f"C{n:05d},purchase,2026-11-20 10:00,100,e{n}\n" for n in range(50))
    (tmp_path / "deeds.csv").write_text("customer_id,event,time,amount,key\n" + deeds)
    done = _done(home, "data", "import", str(tmp_path / "deeds.csv"), "--as", "engineer")
    assert (done["accepted"], done["rejected"]) == (50, 0)
    bought = {"event": "purchase", "measure": "sum", "op": "ge", "value": 500, "window_days": 30}
    assert _count(home, bought) == 0
    (tmp_path / "right.csv").write_text(
        "customer_id,event,time,amount,key\nC00007,purchase,2026-11-20 10:00,900,e7\nC00100,purchase,2026-11-20 10:00,900,e8\n"
    )
    done = _done(home, "data", "import", str(tmp_path / "right.csv"), "--mode", "correct", "--as", "engineer")
    assert (done["accepted"], done["corrected"]) == (2, 2)
    assert _count(home, bought) == 2
    assert _count(home, {"event": "purchase", "measure": "count", "op": "ge", "value": 1, "window_days": 30}) == 50

    made = _done(home, "campaign", "new", SENTENCE, "--wait")
    shown = _done(home, "campaign", "show", "last")
    sections = shown["sections"]
    assert sections["audience"]["value"], made
    assert "estimate" in sections, (
        list(sections),
        shown.get("missing_labels"),
        [one["message"] for one in shown["findings"]],
    )
    assert sections["estimate"]["value"], "an estimate was made of what lies on two nodes"

    nodes[1].stop()
    try:
        code, told = _run(home, "data", "import", str(tmp_path / "first.csv"), "--mode", "append", "--as", "engineer")
        assert code == 3, told
        assert "engine.shard_gone" in json.dumps(told)
    finally:
        shared = clickhouse_nodes.library()
        assert shared is not None
        clickhouse_nodes.restart(nodes[1], shared)
    assert _count(home, aged) == expected + 3, "everything is there again"
