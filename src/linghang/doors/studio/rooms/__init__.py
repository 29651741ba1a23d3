"""One module a page. ``PAGES`` registers them all."""

from collections.abc import Callable

from linghang.doors.studio.campaign import page, phone
from linghang.doors.studio.rooms import campaigns, desk, insights
from linghang.doors.studio.shell import Studio

PAGES: tuple[Callable[[Studio], None], ...] = (
    desk.register,
    insights.register,
    campaigns.register,
    page.register,
    phone.register,
)
"""Every page, in the order of the rail."""
