"""Tone, style and colours."""

import re

from linghang.reading.draft import Draft
from linghang.reading.sentence import Sentence

_CUE = re.compile(
    r"要|风格|风|语气|调性|色|感|氛围|气氛|文案|设计|画面|封面|视觉|海报|图|素材|主题|整体|一点|一些|走|偏|基调"
    r"|配色|调调|make it|tone|look|feel|style|vibe|theme|visual|colou?r|copy|keep it|design|palette|mood"
)
_NEGATED = re.compile(
    r"(?:不要|别|不|不能|不用|不许|禁|忌|别太|不要太|not|no|avoid|don't use|without)\s*"
    r"(?:再)?(?:使用|用|带|搞|走|上|做|太|过于|那么|too|any)?\s*$"
)
# Words that also name other things count only beside a cue.
_LOOSE = frozenset(("专业", "科技", "高端", "品质", "理性", "客观", "活力", "轻松", "正式", "商务", "低调", "贴心",
    "温暖", "expert", "serious", "warm", "exclusive", "clean", "friendly",
                    "red", "gold", "green", "blue", "white", "black", "3d", "立体", "年轻化", "真诚", "大气", "克制",
                    "热烈", "corporate", "measured", "neutral", "photographic"))  # fmt: skip


def looks(draft: Draft) -> None:
    """Put ``tone``, ``style`` and ``color``."""
    found = draft.sentence
    for place in list(found.find(lambda token: token.has("tone", "style", "color"))):
        token = found.tokens[place]
        if _NEGATED.search(found.before(place, 8)) or not _meant(found, place):
            continue
        if "style" in token.senses:
            draft.put("style", token.senses["style"], place)
        elif "tone" in token.senses:
            draft.put("tone", token.senses["tone"], place)
        if "color" in token.senses:
            value = token.senses["color"]
            for name in value if isinstance(value, list) else [value]:
                draft.add("color", name, place)
            if (beside := _BESIDE.match(found.after(place, 4))) is not None:
                draft.add("color", _BESIDE_COLOURS[beside["colour"]], place)
    _plain_mood(draft)


# 深蓝配金: a second colour of one character beside the first.
_BESIDE = re.compile(r"色?(?:配|搭|衬)(?P<colour>[金银白黑红蓝绿粉])(?![包条币融价领人]|色)")
_BESIDE_COLOURS = {"金": "gold", "银": "silver", "白": "white", "黑": "black", "红": "red", "蓝": "blue", "绿": "green",
    "粉": "pink"}  # fmt: skip


_MOOD = re.compile(
    r"(?:语气|调性|口吻|文案|风格|氛围|调子|基调|感觉)(?:上|都|整体)?(?:要|得|走|偏|再|更|稍|尽量)*(?P<mood>暖|稳|燃|嗨|喜庆?|柔|正|冷)(?=[些点一的,，。;；]|$)"
)
_MOODS = {"暖": "warm", "柔": "warm", "稳": "calm", "冷": "calm", "燃": "lively", "嗨": "lively", "喜": "lively",
    "喜庆": "lively", "正": "professional"}  # fmt: skip


def _plain_mood(draft: Draft) -> None:
    """语气要暖: a mood of one character behind the word for tone."""
    if "tone" not in draft.values and (hit := _MOOD.search(draft.sentence.text)):
        draft.values["tone"] = _MOODS[hit["mood"]]
        draft.note("tone", *hit.span("mood"))


_TRADES = re.compile(r"(?:主题|基金|混合|股|板块|成长|产业|类|行业|赛道|创新|公司|企业|etf)")


def _meant(found: Sentence, place: int) -> bool:
    token = found.tokens[place]
    if token.has("tone") and _TRADES.match(found.after(place, 3)):
        # 科技主题混合 is a product, no mood.
        return False
    if token.text not in _LOOSE:
        return True
    clause = found.labelled(place)
    return bool(_CUE.search(clause)) or len(clause.strip(" ,，。.;；")) <= len(token.text) + 2
