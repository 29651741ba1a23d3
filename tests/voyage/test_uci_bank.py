"""The voyage on real customers: 41,188 of a Portuguese bank, from the sentence to a labelled report."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from voyage.commands import Shell

pytestmark = pytest.mark.slow

SENTENCE = "给有房贷、没有违约记录的30到50岁客户推定期存款,预算5万,短信加电话,下周一开始两周,留10%对照"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, uci_bank: Path) -> Iterator[Shell]:
    shell = Shell(tmp_path_factory.mktemp("uci"))
    done = shell("init", "--pack", "uci-bank", "--customers", str(uci_bank))
    assert done["customers"] == 41188
    yield shell
    shell.run("home", "stop")


@pytest.fixture(scope="module")
def campaign(shell: Shell) -> dict[str, Any]:
    return shell("campaign", "new", SENTENCE, "--wait")


def section(document: dict[str, Any], name: str) -> dict[str, Any]:
    return document["sections"][name]["value"]


def test_the_audience_is_exactly_11807(campaign: dict[str, Any]) -> None:
    audience = section(campaign, "audience")
    assert audience["matched"] == 11807
    assert audience["base"] == 41188
    assert audience["steps"][-1]["remaining"] == 11807


def test_unknown_is_not_no_and_is_shown(campaign: dict[str, Any]) -> None:
    told = [finding for finding in campaign["findings"] if finding["code"] == "audience.unknown_other_side"]
    assert any(finding["params"]["count"] > 0 for finding in told)


def test_every_section_is_there_and_nothing_is_asked(campaign: dict[str, Any]) -> None:
    assert campaign["missing"] == []
    assert set(campaign["sections"]) >= {"reading", "goal", "audience", "layers", "plans", "benefits", "copy",
                                         "combinations", "page", "placements", "experiment", "estimate", "compliance"}  # fmt: skip
    goal = section(campaign, "goal")
    assert (goal["start"], goal["end"], goal["budget_fen"], goal["holdout_pct"]) == (
        "2026-11-30",
        "2026-12-13",
        5_000_000,
        10,
    )
    assert goal["channels"] == ["sms", "call"]


def test_the_budget_buys_contacts_and_is_not_exceeded(campaign: dict[str, Any]) -> None:
    allocation = section(campaign, "benefits")
    assert 0 < allocation["committed_fen"] <= 5_000_000
    assert sum(item["customers"] for item in allocation["allotments"]) <= 11807
    assert sum(item["cost_fen"] for item in allocation["allotments"]) == allocation["committed_fen"]


def test_layers_are_at_least_three_and_cover_the_audience(campaign: dict[str, Any]) -> None:
    layers = section(campaign, "layers")["layers"]
    assert len(layers) >= 3
    assert sum(layer["count"] for layer in layers) == section(campaign, "audience")["count"]


def test_from_edit_to_report(shell: Shell, campaign: dict[str, Any]) -> None:
    edited = shell("campaign", "edit", campaign["id"], "预算提到8万")
    assert section(edited, "goal")["budget_fen"] == 8_000_000
    words = [change["words"] for change in shell("campaign", "diff", campaign["id"])["changes"]]
    assert any("5万" in line and "8万" in line for line in words)
    steps = {
        step["section"]: step["state"] for step in shell("campaign", "compile", campaign["id"], "--explain")["steps"]
    }
    assert set(steps.values()) == {"fresh"}
    assert shell("campaign", "check", campaign["id"])["verdict"] == "compliant"
    own = shell("campaign", "approve", campaign["id"], code=1)
    assert own["error"]["code"] in ("approvals.own_campaign", "access.no_right")
    signed = shell("campaign", "approve", campaign["id"], actor="approver")
    assert signed["package"]
    refused = shell("campaign", "launch", campaign["id"], code=1)
    assert refused["error"]["code"] == "delivery.no_consent_basis"
    launched = shell("campaign", "launch", campaign["id"], "--shadow")
    assert launched["shadow"] is True
    empty = shell("campaign", "report", campaign["id"])
    assert any(finding["code"] == "analysis.no_outcomes" for finding in empty["findings"])
    played = shell("campaign", "play", campaign["id"])
    assert played["conversions"] > 0
    report = shell("campaign", "report", campaign["id"])
    assert report["simulated"] is True
    assert report["cost_fen"] <= 8_000_000


def test_an_edit_after_approval_voids_it(shell: Shell, campaign: dict[str, Any]) -> None:
    again = shell("campaign", "clone", campaign["id"], "--start", "2026-12-14")
    shell("campaign", "approve", again["id"], actor="approver")
    assert shell("campaign", "show", again["id"])["status"] == "approved"
    assert shell("campaign", "compile", again["id"])
    assert shell("campaign", "show", again["id"])["status"] == "approved", "nothing changed, nothing is taken back"
    shell("campaign", "edit", again["id"], "预算降到3万")
    assert shell("campaign", "show", again["id"])["status"] == "draft"
    assert shell("campaign", "launch", again["id"], "--shadow", code=1)["error"]["code"].startswith(
        ("approvals.", "campaign.")
    )


def test_outcomes_that_are_brought_in_are_the_report(shell: Shell, campaign: dict[str, Any]) -> None:
    """Without outcomes nothing is claimed; with the bank's own file the report tells of them, not of a simulation."""
    again = shell("campaign", "clone", campaign["id"], "--start", "2027-01-11")
    shell("campaign", "approve", again["id"], actor="approver")
    shell("campaign", "launch", again["id"], "--shadow")
    before = shell("campaign", "report", again["id"])
    assert "analysis.no_outcomes" in [finding["code"] for finding in before["findings"]]
    rows = {row["name"]: row for row in before["rows"]}
    assert all(rows[name]["value"] is None for name in ("lift", "incremental", "gain", "roi", "icpa"))
    assert rows["lift"]["note"]
    file = shell.folder / "outcomes.csv"
    lines = "".join(f"{number},convert,2027-01-{11 + number % 14} 10:00:00\n" for number in range(1, 41189, 7))
    file.write_text("customer_id,event,time\n" + lines + "99999999,convert,2027-01-12 10:00:00\n", "utf-8")
    done = shell("events", "import", str(file))
    assert done["accepted"] == len(range(1, 41189, 7))
    assert [item["code"] for item in done["findings"]] == ["customers.stranger"]
    assert shell("events", "import", str(file))["accepted"] == 0
    after = shell("campaign", "report", again["id"])
    assert "analysis.no_outcomes" not in [finding["code"] for finding in after["findings"]]
    assert after["simulated"] is False
    rows = {row["name"]: row for row in after["rows"]}
    assert rows["lift"]["low"] <= rows["lift"]["value"] <= rows["lift"]["high"]
    # One in seven responded whether contacted or not: the truth is no increment. A 95% interval misses it once in 20
    # campaigns (the holdout is drawn by the campaign's id), four standard errors never do.
    assert abs(rows["lift"]["value"]) < rows["lift"]["high"] - rows["lift"]["low"]
    treated, holdout = after["arms"]
    assert treated["n"] + holdout["n"] == 11807
    assert treated["rate"] == pytest.approx(1 / 7, abs=0.02)
