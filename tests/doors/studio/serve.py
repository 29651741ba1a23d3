"""The studio over the fake bank, for browser tests and for looking: ``serve.py PORT [PACE]``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from linghang.doors import studio
from studio.fake import FakeHome

if __name__ == "__main__":
    pace = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    studio.run(FakeHome(pace), port=int(sys.argv[1]))
