"""The sign-in page: plain HTML that needs no script, in the studio's look."""

from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, div, join, raw, span, tag
from linghang.doors.studio.words import Words


def page(
    t: Words, *, theme: str, version: str, mark: str, next: str, name: str = "", trouble: str = "", wait: bool = False
) -> str:
    """The page. ``mark`` is what the form must send back, ``trouble`` what was wrong, ``wait`` that it is too early."""
    theme = theme if theme in ("light", "dark") else "light"
    links = "".join(
        f'<link rel="stylesheet" href="/assets/{sheet}.css?v={version}">' for sheet in ("tokens", "studio", "access")
    )
    title = f"{t('sign_in.title')} · {t('name')}"
    head = tag(
        "head",
        raw('<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'),
        tag("title", title),
        raw(links),
    )
    body = tag("body", tag("main", _brand(t), _card(t, mark, next, name, trouble, wait), _foot(t, next), cls="gate"))
    return "<!doctype html>" + tag("html", head, body, lang=t.locale, data_theme=theme)


def _brand(t: Words) -> Markup:
    return div(
        "gate-brand", span("logo-mark", icon("delivery", 20)), div("", tag("b", t("name")), tag("small", t("tagline")))
    )


def _card(t: Words, mark: str, next: str, name: str, trouble: str, wait: bool) -> Markup:
    said = (
        div("gate-said", icon("clock" if wait else "alert", 16), span("", trouble), role="alert") if trouble else None
    )
    fields = join(
        tag("input", type="hidden", name="form", value=mark),
        tag("input", type="hidden", name="next", value=next),
        _field(t("sign_in.name"), "name", "text", "username", name, focus=not name),
        _field(t("sign_in.password"), "password", "password", "current-password", "", focus=bool(name)),
        tag("button", t("sign_in.go"), type="submit", cls="btn primary gate-go"),
    )
    form = tag("form", fields, method="post", action="/sign-in", autocomplete="on")
    return tag("section", tag("h1", t("sign_in.title")), tag("p", t("sign_in.lede"), cls="lede"), said, form,
               cls="panel gate-card")  # fmt: skip


def _field(label: str, name: str, kind: str, fill: str, value: str, *, focus: bool) -> Markup:
    box = tag("input", id=f"f-{name}", name=name, type=kind, value=value or None, autocomplete=fill, required=True,
              maxlength="200", autofocus=focus, autocapitalize="none", spellcheck="false")  # fmt: skip
    return tag("label", span("", label), box, html_for=f"f-{name}", cls="gate-field")


def _foot(t: Words, next: str) -> Markup:
    other = "en" if t.chinese else "zh"
    return div(
        "gate-foot",
        tag("p", t("sign_in.no_account"), tag("code", "linghang users link operator")),
        tag("a", t("other_language"), href=f"/sign-in?lang={other}&next={next}", lang=other),
    )
