"""How we will know: assignment by hash, holdouts, power, tests and intervals.

Pure statistics: nothing here reads a clock, a table or a random generator. Counts go in, values come out; too few
customers is a value with a finding, never a zero.
"""

from linghang.experiments.assignment import (
    HOLDOUT,
    arm_of,
    arms_for,
    assign,
    global_salt,
    held_out,
    is_held_out,
    uniform,
    uniforms,
)
from linghang.experiments.checks import sample_ratio
from linghang.experiments.design import design, needed_customers
from linghang.experiments.means import compare_adjusted, compare_means, compare_ratios
from linghang.experiments.model import Arm, Comparison, Counts, Design, Interval, Look, SampleRatio, Sums
from linghang.experiments.power import power_of, sample_size, sample_size_mean, smallest_effect
from linghang.experiments.proportions import agresti_caffo, compare, newcombe, relative_lift, wilson, z_test
from linghang.experiments.sequential import bounds, inflation, read_always, read_planned, spent

__all__ = [
    "HOLDOUT",
    "Arm",
    "Comparison",
    "Counts",
    "Design",
    "Interval",
    "Look",
    "SampleRatio",
    "Sums",
    "agresti_caffo",
    "arm_of",
    "arms_for",
    "assign",
    "bounds",
    "compare",
    "compare_adjusted",
    "compare_means",
    "compare_ratios",
    "design",
    "global_salt",
    "held_out",
    "inflation",
    "is_held_out",
    "needed_customers",
    "newcombe",
    "power_of",
    "read_always",
    "read_planned",
    "relative_lift",
    "sample_ratio",
    "sample_size",
    "sample_size_mean",
    "smallest_effect",
    "spent",
    "uniform",
    "uniforms",
    "wilson",
    "z_test",
]
