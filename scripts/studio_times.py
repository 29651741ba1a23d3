"""Time to the first byte of every page of a running studio.

python scripts/studio_times.py "$(linghang --json users link operator | jq -r .url)"

Each page is asked five times; the median is told. The campaign pages are those of the newest campaign.
"""

import re
import statistics
import sys
import time
import urllib.request
from urllib.parse import urlsplit

ROOMS = ("/", "/insights", "/campaigns", "/audiences", "/benefits", "/creatives", "/pages", "/delivery", "/approvals",
         "/calendar", "/analysis", "/knowledge", "/settings", "/settings/audit")  # fmt: skip


def seconds(url: str) -> float:
    """Until the first byte of the answer."""
    started = time.perf_counter()
    with urllib.request.urlopen(url, timeout=60) as answer:
        answer.read(1)
    return time.perf_counter() - started


def main() -> None:
    """Ask every page and print a line for each."""
    urllib.request.install_opener(urllib.request.build_opener(urllib.request.HTTPCookieProcessor()))
    urllib.request.urlopen(sys.argv[1], timeout=60).close()
    base = "{0.scheme}://{0.netloc}".format(urlsplit(sys.argv[1]))
    with urllib.request.urlopen(f"{base}/campaigns", timeout=60) as answer:
        found = re.search(r"/campaigns/(cmp_\w+)", answer.read().decode())
    own = [f"/campaigns/{found.group(1)}{part}" for part in ("", "/phone", "/report")] if found else []
    for path in (*ROOMS, *own):
        median = statistics.median(seconds(base + path) for _ in range(5)) * 1000
        sys.stdout.write(f"{median:6.0f} ms  {re.sub(r'cmp_[a-z0-9]+', 'ID', path)}\n")


if __name__ == "__main__":
    main()
