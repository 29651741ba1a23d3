"""The learning loop of ratings, with simulated raters: ``linghang eval ratings [--seeds 6] [--rounds 6] [--size 160]``.

Simulated raters have hidden limits on the parameters of an element (how far it may turn, which metals, how strong a
colour …), each a little different, and sometimes err. The table tells, round by round, the usable share of what would
ship (over all simulated raters), for three ways of choosing what to ask, and how often the audit's interval held it. It
proves that the loop works and can be tested; it says nothing about people.
"""

import argparse
import random
import statistics
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from linghang.creatives.ratings import Candidate, Rating, choose_batch, element_pool, fit, krippendorff_alpha, ship
from linghang.creatives.ratings.agreement import wilson
from linghang.creatives.ratings.batch import Policy, by_purpose, spread

RATERS = 28
POOL = 900
SHIPPED = 60
POLICIES: tuple[Policy, ...] = ("random", "uncertain", "mixed")
START = datetime(2026, 11, 1, tzinfo=UTC)


class World:
    """Hidden limits: of the average rater, and of each rater a little off; ``error`` is the share of slips."""

    def __init__(self, seed: int, error: float = 0.03) -> None:
        stream = random.Random(f"{seed}|world")
        self.limits = {
            "yaw": stream.uniform(54, 66),
            "high": stream.uniform(50, 60),
            "low": stream.uniform(-19, -11),
            "chroma": stream.uniform(0.225, 0.255),
            "dull": stream.uniform(0.03, 0.045),
            "thick": stream.uniform(0.165, 0.185),
            "hue": stream.uniform(0, 360),
        }
        self.metals = frozenset(stream.sample(["gold", "champagne", "rose_gold", "pale_gold", "silver"], 4))
        self.raters = [
            {name: value * (1 + stream.gauss(0, 0.07)) for name, value in self.limits.items()} for _ in range(RATERS)
        ]
        self.error = error

    def flags(self, item: Candidate, limits: Mapping[str, float]) -> frozenset[str]:
        """What a rater with these limits finds wrong."""
        told = {name: float(value) for name, value in item.parameters.items() if isinstance(value, int | float)}
        away = abs((told["body_hue"] - limits["hue"] + 180) % 360 - 180)
        found = {
            "perspective": abs(told["yaw"]) > limits["yaw"] or not limits["low"] <= told["pitch"] <= limits["high"],
            "saturation": told["chroma"] > limits["chroma"] or told["chroma"] < limits["dull"],
            "palette": item.parameters["metal"] not in self.metals,
            "shape": told["thick"] > limits["thick"] and told["rim"] < 0.14,
            "hue": away < 20,
        }
        return frozenset(name for name, wrong in found.items() if wrong)

    def usable(self, items: Sequence[Candidate]) -> float:
        """The share of looks, over all raters and items, that would find nothing wrong (slips included)."""
        clean = [not self.flags(item, limits) for item in items for limits in self.raters]
        share = statistics.mean(clean)
        return share * (1 - self.error) + (1 - share) * self.error / 5

    def rate(self, item: Candidate, rater: int, stream: random.Random, at: datetime) -> Rating:
        """One rating, with the rater's own limits and now and then a slip."""
        flags = set(self.flags(item, self.raters[rater]))
        if stream.random() < self.error:
            flags ^= {stream.choice(["perspective", "saturation", "palette", "shape", "hue"])}
        return Rating(item.id, f"designer{rater:02}", frozenset(flags), "", at)


def run(seed: int, policy: Policy, rounds: int, size: int) -> list[dict[str, float]]:
    """One run: what ships after each round, how varied it is, and what the audit of the round claimed."""
    world, stream = World(seed), random.Random(f"{seed}|{policy}|raters")
    known: dict[str, Candidate] = {}
    ratings: list[Rating] = []
    told: list[dict[str, float]] = []
    for number in range(rounds + 1):
        pool = element_pool("coin", POOL, seed=seed * 1000 + number)
        model = fit(known, ratings, seed=seed)
        shipped = ship(pool, model, SHIPPED)
        truth = world.usable(shipped)
        batch = choose_batch(
            pool, list(known.values()), model, size, seed=seed + number, policy=policy, shipped=SHIPPED
        )
        fresh = [
            world.rate(item, stream.randrange(RATERS), stream, START + timedelta(days=number))
            for item, _ in batch.items
        ]
        audited = {item.id for item in by_purpose(batch).get("audit", ())}
        good = [rating.usable for rating in fresh if rating.candidate in audited]
        interval = wilson(sum(good), len(good)) or (0.0, 1.0)
        told.append(
            {
                "usable": truth,
                "base": world.usable(pool),
                "spread": spread(shipped),
                "audit": statistics.mean(good),
                "covered": float(interval[0] <= truth <= interval[1]),
            }
        )
        known |= {item.id: item for item, _ in batch.items}
        ratings += fresh
    by_item: dict[str, list[bool]] = {}
    for rating in ratings:
        by_item.setdefault(rating.candidate, []).append(rating.usable)
    told[-1]["alpha"] = krippendorff_alpha(by_item.values()) or 0.0
    return told


def main(arguments: list[str]) -> int:
    """Print the usable share of what ships, by round and policy."""
    parser = argparse.ArgumentParser(prog="linghang eval ratings")
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--size", type=int, default=160)
    told = parser.parse_args(arguments)
    print("usable share of what ships, by round (simulated raters: this proves the loop, and nothing about people)")
    print(
        "policy     " + " ".join(f"r{number}    " for number in range(told.rounds + 1)) + " spread  audit-covers  alpha"
    )
    for policy in POLICIES:
        runs = [run(seed, policy, told.rounds, told.size) for seed in range(told.seeds)]
        shares = [statistics.mean(one[number]["usable"] for one in runs) for number in range(told.rounds + 1)]
        varied = statistics.mean(one[-1]["spread"] for one in runs)
        covered = statistics.mean(step["covered"] for one in runs for step in one)
        alpha = statistics.mean(one[-1]["alpha"] for one in runs)
        print(
            f"{policy:<10} "
            + " ".join(f"{share:.3f} " for share in shares)
            + f" {varied:.3f}   {covered:.2f}          {alpha:.2f}"
        )
        if policy == "random":
            print(f"(pool as it comes: {statistics.mean(step['base'] for one in runs for step in one):.3f})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
