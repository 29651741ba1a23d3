"""What an object of behaviour may be called: its products, and its pages that the pack knows."""

from linghang import packs
from linghang.customers.catalogue import catalogue_of, objects_of

CATALOGUE = catalogue_of(packs.load("demo"))


def test_who_looked_at_something_looked_at_any_of_its_pages() -> None:
    viewed = CATALOGUE.behaviours["page_view"]
    assert {"fund", "fund_detail", "fund_list", "index_fund"} <= objects_of("fund", viewed, CATALOGUE)
    assert {"wealth_page", "wealth_detail"} <= objects_of("wealth", viewed, CATALOGUE)
    assert "insurance_detail" in objects_of("insurance", viewed, CATALOGUE)
    assert objects_of("home", viewed, CATALOGUE) == {"home"}


def test_a_page_is_itself_and_what_has_no_pages_gets_none() -> None:
    viewed, bought = CATALOGUE.behaviours["page_view"], CATALOGUE.behaviours["purchase"]
    assert objects_of("fund_detail", viewed, CATALOGUE) == {"fund_detail"}
    assert "fund_detail" not in objects_of("fund", bought, CATALOGUE)
