"""An institution as data: what it knows, sells, gives, shows and may say, loaded from a folder of YAML.

``load("demo")`` gives the frozen ``Pack``; ``check(path)`` tells everything that is wrong with file, line and what is
allowed; ``new(path, name)`` writes a commented minimal pack. A new bank is a new pack, not new code.
"""

from linghang.packs.loading import check, load, names
from linghang.packs.model import (
    Application,
    Attribute,
    Benefit,
    Brand,
    Channel,
    Choice,
    ContactBasis,
    CopyRole,
    CustomerTable,
    EventKind,
    History,
    Label,
    Metric,
    Pack,
    Phrase,
    Playbook,
    Pool,
    Product,
    Slot,
    Term,
)
from linghang.packs.references import FIELDS, OBJECTIVES, fields_of
from linghang.packs.scaffold import new

__all__ = [
    "FIELDS",
    "OBJECTIVES",
    "Application",
    "Attribute",
    "Benefit",
    "Brand",
    "Channel",
    "Choice",
    "ContactBasis",
    "CopyRole",
    "CustomerTable",
    "EventKind",
    "History",
    "Label",
    "Metric",
    "Pack",
    "Phrase",
    "Playbook",
    "Pool",
    "Product",
    "Slot",
    "Term",
    "check",
    "fields_of",
    "load",
    "names",
    "new",
]
