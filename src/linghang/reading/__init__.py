"""What did they mean: sentences of operators become typed readings, edits and questions, without a language model.

A text is normalised, cut into typed tokens (quantities, phrases of time, words of the pack's lexicon), and read by
small readers, one a key. ``read`` decides itself what kind of speaking it is; what nothing supports becomes no value,
and a text whose kind is unsure is ``unclear``.
"""

from linghang.reading.edits.candidates import Candidate, candidates
from linghang.reading.model import Alternative, Assumption, Kind, Reading
from linghang.reading.read import ask, people, read, read_batch, slots, to_json
from linghang.reading.unread import left_aside, unread
from linghang.reading.valued import Valued, valued

__all__ = [
    "Alternative",
    "Assumption",
    "Candidate",
    "Kind",
    "Reading",
    "Valued",
    "ask",
    "candidates",
    "left_aside",
    "people",
    "read",
    "read_batch",
    "slots",
    "to_json",
    "unread",
    "valued",
]
