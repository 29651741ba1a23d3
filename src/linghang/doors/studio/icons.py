"""One family of icons: 24 px grid, strokes of 1.75, round ends, drawn for this studio; colour is the text's."""

# ruff: noqa: E501

from linghang.doors.studio.markup import Markup, raw

_PATHS = {
    "desk": "M4 12h6V4H4zM14 20h6v-8h-6zM4 20h6v-4H4zM14 8h6V4h-6z",
    "insights": "M12 3a6 6 0 0 0-3.6 10.8c.7.6 1.1 1.3 1.1 2.2h5c0-.9.4-1.6 1.1-2.2A6 6 0 0 0 12 3zM9.5 20h5",
    "campaigns": "M4 10v4h3l7 4V6L7 10zM17.5 9a4 4 0 0 1 0 6M7 14l1.5 5",
    "audiences": "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5a6.5 6.5 0 0 1 3.5 5.5",
    "benefits": "M3 9V6h18v3a3 3 0 0 0 0 6v3H3v-3a3 3 0 0 0 0-6zM14 6v2M14 11v2M14 16v2",
    "creatives": "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
    "pages": "M6 3h12v18H6zM6 8h12M9 12h6M9 16h4",
    "delivery": "M21 3 10 14M21 3l-7 18-4-7-7-4z",
    "analysis": "M4 4v16h16M8 15l3-4 3 2 5-7",
    "knowledge": "M5 4h6a2 2 0 0 1 2 2v14a2 2 0 0 0-2-2H5zM13 6a2 2 0 0 1 2-2h4v14h-4a2 2 0 0 0-2 2",
    "settings": "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    "approvals": "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 11.5l2.2 2.2L15.5 9.5",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
    "search": "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4",
    "send": "M12 19V5M6 11l6-6 6 6",
    "more": "M5 12h.01M12 12h.01M19 12h.01",
    "chevron": "M9 6l6 6-6 6",
    "down": "M6 9l6 6 6-6",
    "up": "M6 15l6-6 6 6",
    "close": "M6 6l12 12M18 6L6 18",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "pin": "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
    "undo": "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
    "redo": "M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h3",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
    "alert": "M12 4 2.5 20h19zM12 10v4.5M12 17.3h.01",
    "info": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.8h.01",
    "phone": "M7 2.5h10v19H7zM11 18.5h2",
    "play": "M7 4.5v15l12-7.5z",
    "pause": "M8 5v14M16 5v14",
    "stop": "M6 6h12v12H6z",
    "edit": "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
    "history": "M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4M12 8v4l3 2",
    "link": "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "sun": "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5 5l1.5 1.5M17.5 17.5 19 19M19 5l-1.5 1.5M6.5 17.5 5 19",
    "moon": "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
    "globe": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3.5 9.5h17M3.5 14.5h17M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
    "user": "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
    "spark": "M12 3l2 6.5L20.5 12 14 14l-2 7-2-7-6.5-2L10 9.5z",
    "goal": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 12h.01",
    "layers": "M12 3l9 5-9 5-9-5zM3 12.5l9 5 9-5M3 17l9 5 9-5",
    "experiment": "M9 3h6M10 3v6L4.5 19a1.5 1.5 0 0 0 1.3 2h12.4a1.5 1.5 0 0 0 1.3-2L14 9V3M7.5 15h9",
    "estimate": "M4 20V10M10 20V4M16 20v-7M22 20H2",
    "shield": "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z",
    "copywriting": "M5 6h14M5 10h14M5 14h9M5 18h6",
    "plus": "M12 5v14M5 12h14",
    "external": "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    "message": "M4 5h16v11H9l-5 4z",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "sliders": "M5 4v7M5 15v5M12 4v3M12 11v9M19 4v9M19 17v3M3 11h4M10 11h4M17 13h4",
    "refresh": "M20 11a8 8 0 0 0-14.5-3.5L4 9M4 4v5h5M4 13a8 8 0 0 0 14.5 3.5L20 15M20 20v-5h-5",
    "download": "M12 4v11M7 11l5 5 5-5M4 20h16",
    "eye": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
    "wallet": "M4 7h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H4zM4 7V5h12v2M16 13.5h.01",
    "transfer": "M4 8h15M15 4l4 4-4 4M20 16H5M9 12l-4 4 4 4",
    "card": "M3 6h18v12H3zM3 10h18M7 14.5h4",
    "fund": "M4 19l5-6 4 3 7-9M15 7h5v5",
    "gold": "M8 6h8l3 6H5zM3 18l2-6h6l2 6zM13 18l1-6",
    "loan": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 8l3 4 3-4M12 12v5M9.5 13h5M9.5 15.3h5",
    "bill": "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
    "insurance": "M12 3v2M4 13a8 8 0 0 1 16 0zM12 13v5a2 2 0 0 0 4 0",
    "home": "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
    "bell": "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5a2 2 0 0 0 4 0",
    "gift": "M4 9h16v4H4zM6 13v8h12v-8M12 9v12M12 9C8 9 7 4.5 9.5 4.5S12 9 12 9s0-4.5 2.5-4.5S16 9 12 9z",
}


def icon(name: str, size: int = 18, cls: str = "") -> Markup:
    """An icon as inline SVG; hidden from screen readers, since a word always stands beside it."""
    return raw(
        f'<svg class="ic {cls}" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="{_PATHS[name]}"/></svg>'
    )
