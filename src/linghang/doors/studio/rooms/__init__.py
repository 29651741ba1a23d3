"""One module a page: to add a page, add a module here. Every module with a ``register(studio)`` is found by itself.

A page is one file of this shape (``landing.py`` and ``insights.py`` are short examples)::

    def register(studio: Studio) -> None:
        studio.tab("creatives", "rating", "/creatives/rating")

        @ui.page("/creatives/rating", response_timeout=60)
        async def rating(id: str = "") -> None:
            async with studio.page("creatives", tab="rating") as stage:
                await _build(stage, id)

**Where it stands.** ``studio.page(room)`` builds rail, top bar, palette and keys and marks the room. ``studio.tab(room,
name, path)`` puts the page among the room's tabs and into the palette; the sentence ``studio.tab.NAME`` is its name.
``cls="narrow"`` is a column for reading, ``cls="wide"`` takes the whole width. Literal paths come before ``{id}``
paths of the same room in one ``register``, or stand in different folders of the address.

**What it is made of.** Cards are pure functions from values to ``Markup`` (``markup``: ``div``, ``span``, ``tag``,
which escape every text). ``blocks`` has all parts: ``card``, ``listing`` with ``rows`` and ``row``, ``table``
(``figures=`` are the columns of numbers), ``key_number``, ``facts``, ``chip``/``chips``, ``pill``/``status``,
``meter``, ``tabs``, ``field``, ``examples``, ``empty`` (a page that has nothing) and ``empty_line`` (a list that has
nothing), ``skeleton``/``loading``, ``term`` (a definition on hover), ``finding_line``. Charts are in ``charts``, icons
in ``icons``; ``shell.page_head`` is the title. Write no colours and no sizes: the tokens are in ``assets/tokens.css``,
a class of your own goes to ``assets/rooms.css``.

**How it lives.** ``stage.box(key, cls, *markup)`` makes a named place, ``stage.show(key, *markup)`` fills it again
(nothing is sent where it is the same). First show ``blocks.loading``, then fill in ``ui.timer(0.05, fill, once=True)``:
a page answers at once and its content comes. ``await stage.session.call("skill.name", …)`` asks the home as the user
of the page; ``await stage.attempt(…)`` tells an error instead of raising it. A control gets ``act("name", id=…)`` and
``stage.on("name", handler)`` hears it with its arguments and the fields of the ``data_form`` around it.
``stage.dialog`` opens a dialog, ``stage.confirm`` asks before an act and names what it touches, ``stage.toast`` says
what was done. Work above two seconds goes through ``stage.works.start(…)``: it continues when the page is closed.

**Habits.** ``data_item=True`` on an element makes it a stop of j and k. Every text is a sentence of
``../messages.toml`` in both languages (a table ``[studio.PAGE]``, put beside its room's); figures, money, days and
instants through ``stage.t`` (``t.count``, ``t.short``, ``t.money``, ``t.share``, ``t.day``, ``t.instant``); no ids and
codes where a name exists; every number with its unit. A page has a browser test: add its path to ``PATHS`` of
``tests/doors/studio/test_browser.py`` and the skills that it calls to ``fake.py``.
"""

import importlib
import pkgutil
from collections.abc import Callable

from linghang.doors.studio.campaign import page, phone, report
from linghang.doors.studio.shell import Studio


def pages() -> tuple[Callable[[Studio], None], ...]:
    """Every page: the campaign's three and each module of this folder that has a ``register``."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    registers = [module.register for module in modules if hasattr(module, "register")]
    return (page.register, phone.register, report.register, *registers)
