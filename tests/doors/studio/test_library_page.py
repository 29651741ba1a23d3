"""The page of the asset library, in a browser: what is said of an asset is changed, taken by a campaign, warned of."""

from typing import TYPE_CHECKING

import pytest

from .test_browser import address, page  # noqa: F401 - the fixtures of the browser tests

pytest.importorskip("playwright")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]


def test_an_asset_is_opened_changed_and_taken(page: "Page") -> None:  # noqa: F811 - a fixture
    page.goto("/creatives/library")
    cards = page.locator(".asset")
    expect(cards).to_have_count(2)
    expect(cards.nth(0)).to_contain_text("授权已于2026年10月1日到期")
    expect(cards.nth(1)).to_contain_text("授权2026年10月1日到期")
    cards.nth(1).locator(".asset-see").click()
    panel = page.locator(".asset-open")
    expect(panel).to_contain_text("用在哪里")
    expect(panel.locator(".asset-uses")).to_contain_text("双11理财拉新 · 首页头图 · 底图")
    panel.locator("[name=tags]").fill("海，蓝色, 夏天")
    panel.locator("[name=expires]").fill("2027-06-30")
    panel.get_by_role("button", name="保存").click()
    expect(page.locator(".toast")).to_contain_text("已保存")
    panel.locator("[name=part]").select_option("element")
    panel.get_by_role("button", name="用到这里").click()
    expect(page.locator(".toast").last).to_contain_text("已用上")
