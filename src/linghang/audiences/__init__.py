"""Who to talk to: a typed rule language over the pack's catalogue, an exact bitmap index, and all that is asked of one.

A rule is ``linghang.base.predicates.Rule``. ``current_index`` gives the index of the institution's data, and every verb
takes it: size, members, waterfall, profile, layers, snapshot, features. Windows of behaviour end with ``today``.
"""

from linghang.audiences.asked import Named, named
from linghang.audiences.automatic import automatic
from linghang.audiences.comparisons import Comparison, Difference, compare, differing
from linghang.audiences.counting import conditions, count, members, waterfall
from linghang.audiences.exports import Export, content_of, export
from linghang.audiences.features import features
from linghang.audiences.freshness import current_index, index_path, sources_of
from linghang.audiences.hearing import explain, understand
from linghang.audiences.index.bits import count as count_bits
from linghang.audiences.index.bits import of_numbers
from linghang.audiences.index.building import build as build_index
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import bitset, numbers_of
from linghang.audiences.index.sources import Sources
from linghang.audiences.layering import layer_members, layers
from linghang.audiences.lookalikes import Lookalike, Reason, lookalike
from linghang.audiences.overlaps import Overlap, masked, of_two, overlap, sample, venn
from linghang.audiences.profiles import default_dimensions, profile, profile_of
from linghang.audiences.rules import SAVED, as_json, from_reading, parse, validate
from linghang.audiences.screening import Said, Screened, channel_members, screen
from linghang.audiences.selecting import cut, select
from linghang.audiences.snapshots import load, snapshot
from linghang.audiences.store import fingerprint as saved_fingerprint
from linghang.audiences.store import names as saved_names
from linghang.audiences.suggestions import Suggestion, suggest
from linghang.audiences.traits import fields_of
from linghang.audiences.uploads import Uploaded, of_ids
from linghang.audiences.uses import behind, mentioned
from linghang.audiences.words import everyone

__all__ = [
    "SAVED",
    "Comparison",
    "Difference",
    "Export",
    "Index",
    "Lookalike",
    "Named",
    "Overlap",
    "Reason",
    "Said",
    "Screened",
    "Sources",
    "Suggestion",
    "Uploaded",
    "as_json",
    "automatic",
    "behind",
    "bitset",
    "build_index",
    "channel_members",
    "compare",
    "conditions",
    "content_of",
    "count",
    "count_bits",
    "current_index",
    "cut",
    "default_dimensions",
    "differing",
    "everyone",
    "explain",
    "export",
    "features",
    "fields_of",
    "from_reading",
    "index_path",
    "layer_members",
    "layers",
    "load",
    "lookalike",
    "masked",
    "members",
    "mentioned",
    "named",
    "numbers_of",
    "of_ids",
    "of_numbers",
    "of_two",
    "overlap",
    "parse",
    "profile",
    "profile_of",
    "sample",
    "saved_fingerprint",
    "saved_names",
    "screen",
    "select",
    "snapshot",
    "sources_of",
    "suggest",
    "understand",
    "validate",
    "venn",
    "waterfall",
]
