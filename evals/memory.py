"""Memory: a constraint of turn 3 at turn 200, the size of the context, two campaigns that do not mix, deleting.

``linghang eval memory`` talks 200 turns to the navigator in a home without an engine and prints what held.
"""

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from linghang import packs, reading
from linghang.access.rights import ROLES
from linghang.agents import memory, store
from linghang.app import declare_skills
from linghang.base.patches import apply
from linghang.kit.context import Context
from linghang.kit.skills import call
from linghang.testing.contexts import context

BRIEF = "给近30天没登录的客户推小金库，预算50万，push加短信，明天开始两周，文案热闹"
CONSTRAINTS: tuple[tuple[str, str], ...] = (
    ("以后都不要发短信", "sms"),
    ("以后文案里都不要出现稳赚", "稳赚"),
    ("以后预算都不超过20万", "budget"),
    ("记住：所有活动都排除员工", "employee"),
    ("以后都留20%对照", "holdout"),
    ("以后标题都不超过12个字", "title"),
)
FILLERS = ("什么是QFII", "写三条小金库的推送", "检查一下这句话：定投稳赚不赔", "小金库快赎限额是多少", "你好",
           "还有哪些权益可用", "谁还没审批", "七日年化是什么意思")  # fmt: skip


def held(ctx: Context, conversation: str, key: str) -> bool:
    """Whether a constraint is in a brief that is said now."""
    base = reading.read(BRIEF, today=ctx.today, pack=packs.load(ctx.pack)).reading
    patch = [step for item in memory.constraints(ctx, conversation, base) for step in item.patch]
    after, _ = apply(base, patch)
    checks = {
        "sms": "sms" not in after.get("channels", ()),
        "budget": after.get("budget_cny", 0) <= 200_000,
        "holdout": after.get("holdout_pct") == 20,
        "title": after.get("copy_rules", {}).get("title_max_chars") == 12,
    }
    return checks[key] if key in checks else key in str(after.get("exclusions", ""))


def main(arguments: list[str]) -> int:
    """Talk and print the table."""
    declare_skills()
    with tempfile.TemporaryDirectory() as folder:
        ctx = context(Path(folder), rights=ROLES["operator"])
        conversation = str(call(ctx, "agents.say", {"text": "你好"})["conversation"])
        for turn, (text, _) in enumerate(CONSTRAINTS, 2):
            call(replace(ctx, idempotency_key=f"c{turn}"), "agents.say", {"text": text, "conversation": conversation})
        most, started = 0, time.process_time()
        marks: list[tuple[int, int, int]] = []
        for turn in range(len(CONSTRAINTS) + 2, 201):
            text = FILLERS[turn % len(FILLERS)]
            call(replace(ctx, idempotency_key=f"t{turn}"), "agents.say", {"text": text, "conversation": conversation})
            spent = int(memory.context(ctx, conversation, text)["tokens"])
            most = max(most, spent)
            if turn in (10, 50, 100, 200):
                marks.append((turn, spent, sum(held(ctx, conversation, key) for _, key in CONSTRAINTS)))
        millis = (time.process_time() - started) * 1000 / (200 - len(CONSTRAINTS))
        print("turn  context tokens  constraints held")
        for turn, spent, count in marks:
            print(f"{turn:>4}{spent:>16}{count:>14} of {len(CONSTRAINTS)}")
        print(f"most tokens at any turn {most} (limit {memory.BUDGET}); {millis:.1f} CPU-ms a turn")
        other = held(ctx, "con_other", "sms")
        rows = store.remembered(ctx.db, ctx.institution_id, ctx.actor.name, conversation)
        call(ctx, "memory.forget", {"id": next(str(row["id"]) for row in rows if "短信" in str(row["text"]))})
        print(f"another conversation is free of them: {not other}; after deleting the first it no longer holds: "
              f"{not held(ctx, conversation, 'sms')}")  # fmt: skip
        gone = call(ctx, "memory.delete", {"id": conversation})["turns"]
        left = store.turns_of(ctx.db, ctx.institution_id, conversation)
        print(f"deleted turns {gone}, left {len(left)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
