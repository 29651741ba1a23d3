"""Small pictures, so that their elements are rendered in a second or two, once a session."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from linghang.creatives.pictures import Coupon, DesignSpec, Frame, Kit, Picture, Words, compose

WORDS = Words(
    title=("稳健理财", "守护每一分收获"),
    subtitle="固收+ 严选 · 新客专享",
    button="立即查看",
    badge="理财日",
    coupons=(Coupon("18", "元", "立减券"), Coupon("2", "%", "加息券")),
    legal="理财非存款,产品有风险,投资须谨慎。",
    brand="领航金融",
)
POSTER = DesignSpec(
    "steady", "insurance", Frame("splash", 360, 640), WORDS, Kit("领航金融", "领"), seed=3, choices={"coins": 2}
)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of sprites of this session."""
    return tmp_path_factory.mktemp("elements")


@pytest.fixture(scope="session")
def poster(cache: Path) -> Picture:
    """A good picture."""
    return compose(POSTER, cache=cache)


def of_evals(name: str) -> ModuleType:
    """A module of ``evals/`` (they are scripts, not a package that is installed): its copies and seeded defects."""
    path = Path(__file__).parents[4] / "evals" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"evals_{name}", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
