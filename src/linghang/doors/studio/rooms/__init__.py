"""One module a page. ``PAGES`` registers them all."""

from collections.abc import Callable

from linghang.doors.studio.campaign import page, phone, report
from linghang.doors.studio.rooms import (
    analysis,
    approvals,
    audiences,
    benefits,
    calendar,
    campaigns,
    creatives,
    delivery,
    desk,
    insights,
    knowledge,
    landing,
    settings,
)
from linghang.doors.studio.shell import Studio

PAGES: tuple[Callable[[Studio], None], ...] = (
    desk.register,
    insights.register,
    campaigns.register,
    page.register,
    phone.register,
    report.register,
    audiences.register,
    benefits.register,
    creatives.register,
    landing.register,
    delivery.register,
    approvals.register,
    calendar.register,
    analysis.register,
    knowledge.register,
    settings.register,
)
"""Every page, in the order of the rail."""
