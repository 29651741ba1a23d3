"""May we say it: dated rules with clauses, and the checker of a material (a text, a picture's words, a page).

``check`` gives the verdict on a ``Material`` with findings that cite original words, the disclosures that are missing,
and a mended text; ``load_rules`` the rules in force on a launch date, a bank's own on top; ``required_disclosures`` and
``disclosure_text`` what copy must carry and in which words.
"""

from linghang.compliance.batch import check_batch, check_file, run_examples
from linghang.compliance.checking import check
from linghang.compliance.comparing import Difference, differences
from linghang.compliance.disclosures import disclosure_text, required_disclosures
from linghang.compliance.loading import load_rules, own_file, rules_of
from linghang.compliance.model import Check, Citation, Hit, Material, MaterialType, Rule
from linghang.compliance.pages import check_page
from linghang.compliance.pictures import check_record
from linghang.compliance.rendering import as_findings, rule_json, searched, sought, to_json
from linghang.compliance.shown import Sight, check_shown
from linghang.compliance.vocabulary import common_words

__all__ = [
    "Check",
    "Citation",
    "Difference",
    "Hit",
    "Material",
    "MaterialType",
    "Rule",
    "Sight",
    "as_findings",
    "check",
    "check_batch",
    "check_file",
    "check_page",
    "check_record",
    "check_shown",
    "common_words",
    "differences",
    "disclosure_text",
    "load_rules",
    "own_file",
    "required_disclosures",
    "rule_json",
    "rules_of",
    "run_examples",
    "searched",
    "sought",
    "to_json",
]
