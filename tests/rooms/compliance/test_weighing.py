"""What the whole text outweighs, and what nothing does."""

import datetime as dt

import pytest

from linghang import compliance
from linghang.compliance import weighing
from linghang.compliance.checking import check
from linghang.compliance.model import Material

TODAY = dt.date(2026, 11, 23)
LESSONS = (
    "今年我们处理了三类违规宣传：员工朋友圈写“手慢无”、海报写“业内第一”、直播说“闭眼买”。三类均已整改并通报。",
    "有人说“健康告知随便填，两年后一定赔”？这是误导。请如实告知。",
)


def verdict(text: str, product: str = "brand", channel: str = "wechat_oa", **more: object) -> compliance.Check:
    return check(Material(text, product, channel, jurisdiction="CN"), today=TODAY, **more)  # type: ignore[arg-type]


def asked_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is weighed stands."""
    taught = weighing.weights()
    least = dict.fromkeys(taught.least, 1.0)
    monkeypatch.setattr(weighing, "weights", lambda: weighing.Weights(taught.each, taught.base, least))


@pytest.mark.parametrize("text", LESSONS)
def test_a_lesson_or_a_warning_breaks_nothing(text: str) -> None:
    assert verdict(text, "insurance" if "健康告知" in text else "brand", reader="decides").verdict == "compliant"


def test_what_is_outweighed_is_left_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for_everything(monkeypatch)
    done = verdict("保本保息，稳赚不赔", "fund", "push", reader="decides")
    assert (done.verdict, done.review, done.missing_disclosures) == ("compliant", True, ())
    assert {hit.rule.id for hit in done.aside} == {"CN-FD-01"}
    assert [one["rule"] for one in compliance.to_json(done)["aside"]] == ["CN-FD-01", "CN-FD-01"]  # type: ignore[index]


def test_a_promise_of_ours_is_never_outweighed() -> None:
    for text in ("保本保息，稳赚不赔", "本产品零风险，保证年化6%，欲购从速", "闭眼买，亏了赔你"):
        assert verdict(text, "fund", "push", reader="decides").verdict == "violating", text


def test_what_a_fact_decides_and_what_a_campaign_says_are_never_outweighed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for_everything(monkeypatch)
    late = {"send_time": "23:30"}
    told = verdict("【领航】您的账单已出，回复R退订", "credit", "sms", reader="decides", context=late)
    assert told.verdict == "violating"
    assert verdict("保本保息，稳赚不赔", "fund", "push").verdict == "violating"


def test_the_weights_fit_the_features() -> None:
    done = check(Material("保本", "fund", "push", jurisdiction="CN"), today=TODAY, reader="decides")
    assert done.verdict == "violating"
    assert set(weighing.weights().least) == {"serious", "worded", "heard", "lacking", "nothing"}
