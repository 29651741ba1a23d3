"""Planning: does a goal reach its own terminal skill with the steps that it requires, among the house's skills and among 300?

``linghang eval planning [FILE.jsonl]`` prints a table per terminal skill; each line of a file has text, terminal, requires
and, where the sentence is said before a campaign, ``focus``.
"""

import json
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

from linghang import packs, reading
from linghang.agents.aims import sure
from linghang.agents.goals import Place, goal_of, understand
from linghang.agents.navigator import registered
from linghang.agents.planning import Skills, plan
from linghang.app import declare_skills
from linghang.kit.context import Context
from linghang.kit.skills import skill

HERE = Path(__file__).parent
TODAY = date(2026, 11, 23)
BASE = "给近30天浏览过理财但没买过的客户发20元红包,预算50万,push加短信,下周一开始两周"


def crowd(count: int = 270) -> None:
    """Register skills of other systems that make, need and say things that sound alike."""
    nouns = ("customer", "loan", "ticket", "card", "report", "coupon", "page", "copy", "audience", "campaign")
    for n in range(count):

        def call(ctx: Context, text: str = "", id: str = "") -> dict[str, str]:
            """Something of another system."""
            return {}

        noun = nouns[n % len(nouns)]
        call.__qualname__ = f"crowd.{n}"
        skill(f"{noun}sys{n}.do", effect=("read", "draft", "commit")[n % 3], permission="",
              needs={"text": "words", "id": f"{noun}.id"}, makes={f"{noun}.thing{n}": "", "audience.size": ""}
              if n % 30 == 0 else {f"{noun}.thing{n}": ""}, says=(f"查一下{noun}系统{n}号记录",))(call)  # fmt: skip


def score(cases: list[dict], skills: Skills, *, show: bool) -> tuple[int, int, int, float]:
    """Right terminals, right plans, asked instead of planned, CPU-milliseconds a goal."""
    pack = packs.load("demo")
    base = reading.read(BASE, today=TODAY, pack=pack)
    every = tuple(skills.by_name.values())
    rows: dict[str, Counter[str]] = {}
    started = time.process_time()
    for case in cases:
        place = Place(campaign="cmp_x", reading=dict(base.reading), product="wealth") if case.get("focus") else Place()
        seen = understand(case["text"], place, pack, every, today=TODAY)
        row = rows.setdefault(case["terminal"], Counter())
        row["all"] += 1
        if not sure(seen.likely):
            row["asked"] += 1
            print("asked ", case["text"], [(item.aim.id, item.score) for item in seen.likely[:3]]) if show else None
            continue
        made = plan(goal_of(seen, seen.likely[0].aim, place, pack), skills)
        last = made.terminal.skill if made.terminal else made.refusal
        right = last == case["terminal"]
        row["terminal"] += right
        row["plan"] += right and set(case["requires"]) <= {step.skill for step in made.steps}
        print("wrong ", case["text"], "→", last, "not", case["terminal"]) if show and not right else None
    millis = (time.process_time() - started) * 1000 / len(cases)
    if show:
        print(f"{'terminal skill':24}{'goals':>6}{'terminal':>9}{'plan':>6}{'asked':>6}")
        for name, row in sorted(rows.items()):
            print(f"{name:24}{row['all']:>6}{row['terminal']:>9}{row['plan']:>6}{row['asked']:>6}")
    total = sum(rows.values(), Counter())
    return total["terminal"], total["plan"], total["asked"], millis


def main(arguments: list[str]) -> int:
    """Score the goals with the house's skills, then with 270 more."""
    declare_skills()
    path = Path(arguments[0]) if arguments else HERE / "data/planning.jsonl"
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    for name, more in (("the house's skills", 0), ("with 270 others", 270)):
        crowd(more)
        skills = registered()
        terminal, whole, asked, millis = score(cases, skills, show=not more)
        print(f"{name} ({len(skills.by_name)}): {len(cases)} goals, terminal {terminal / len(cases):.3f}, "
              f"plan {whole / len(cases):.3f}, asked {asked}, {millis:.1f} CPU-ms a goal")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
