"""The campaign page at ``/campaigns/{id}``, and at ``/campaigns/new/{work}`` while the campaign has no id yet."""

from nicegui import ui

from linghang.doors.studio.campaign import actions
from linghang.doors.studio.campaign.document import Document
from linghang.doors.studio.shell import Studio


def register(studio: Studio) -> None:
    """Register both paths."""

    @ui.page("/campaigns/new/{work}", response_timeout=60)
    async def coming(work: str) -> None:
        async with studio.page("campaigns", crumbs=("tab.document",), cls="wide") as stage:
            document = Document(stage, "", studio.works.get(work))
            actions.listen(document)
            await document.build()

    @ui.page("/campaigns/{id}", response_timeout=60)
    async def campaign(id: str) -> None:
        async with studio.page("campaigns", crumbs=("tab.document",), cls="wide") as stage:
            document = Document(stage, id, studio.works.about(id))
            actions.listen(document)
            await document.build()
