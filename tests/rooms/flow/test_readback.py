"""Pictures read back before approval: what reads well says nothing, what does not read stops the submission."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from linghang.base.digest import canonical_json
from linghang.base.findings import Severity
from linghang.base.records import LayerRecord
from linghang.campaigns import store
from linghang.campaigns.model import Campaign
from linghang.campaigns.sections import Creative, Creatives
from linghang.creatives.pictures import DesignSpec, Frame, Kit, Picture, Words, compose
from linghang.flow import readback
from linghang.kit import files
from linghang.kit.context import Context
from linghang.testing.contexts import context

pytest.importorskip("rapidocr")
NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
SPEC = DesignSpec(
    "steady", "insurance", Frame("banner", 540, 210),
    Words(("安心守护",), "每月18日权益日", "立即查看", legal="理财非存款,产品有风险,投资须谨慎。", brand="领航"),
    Kit("领航", "领"), seed=3, choices={"coins": 2},
)  # fmt: skip


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    return compose(SPEC, cache=tmp_path_factory.mktemp("elements"))


def campaign(ctx: Context, picture: Picture, record: LayerRecord) -> Campaign:
    file = files.put(ctx.home, picture.data)
    kept = files.put(ctx.home, canonical_json(record).encode())
    shown = Creative("cre_1", "L1", "banner", "steady", 540, 210, picture.mime, len(picture.data), file, kept)
    sections = {"creatives": store.given("creatives", Creatives((shown,)))}
    return Campaign("cmp_1", "test", 1, "operator", NOW, NOW, sections)


def test_a_good_picture_says_nothing_and_is_read_once(tmp_path: Path, picture: Picture) -> None:
    ctx = context(tmp_path)
    found = campaign(ctx, picture, picture.record)
    assert readback.findings(ctx, found) == ()
    kept = next(ctx.home.glob("read/*.json"))
    before = kept.stat().st_ino  # a file that is written anew is another one
    assert readback.findings(ctx, found) == ()
    assert kept.stat().st_ino == before


def test_words_that_do_not_stand_there_stop_a_submission(tmp_path: Path, picture: Picture) -> None:
    ctx = context(tmp_path)
    wrong = [
        {**layer, "text": "今夜特价半折起"} if layer.get("role") == "subtitle" else layer
        for layer in picture.record.layers
    ]
    found = readback.findings(ctx, campaign(ctx, picture, dataclasses.replace(picture.record, layers=tuple(wrong))))
    assert [(item.code, item.about, item.severity) for item in found] == [
        ("pictures.not_readable", "subtitle", Severity.S2)
    ]


def test_a_figure_read_nearly_is_for_a_person(tmp_path: Path, picture: Picture) -> None:
    ctx = context(tmp_path)
    near = [
        {**layer, "text": "每月19日权益日"} if layer.get("role") == "subtitle" else layer
        for layer in picture.record.layers
    ]
    found = readback.findings(ctx, campaign(ctx, picture, dataclasses.replace(picture.record, layers=tuple(near))))
    assert [(item.about, item.severity) for item in found] == [("subtitle", Severity.S3)]
