"""Where a page cannot be shown, because there is none or because it failed: the studio's frame stays."""

import logging

from fastapi import Request, Response
from fastapi.exception_handlers import http_exception_handler
from nicegui import Client, app, ui
from starlette.exceptions import HTTPException

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import tag
from linghang.doors.studio.shell import Studio

_LOG = logging.getLogger(__name__)


def register(studio: Studio) -> None:
    """Answer 404 and 500 of pages. Other endpoints (files, assets) keep their plain answers."""

    async def told(request: Request, status: int) -> Response:
        with Client(ui.page(""), request=request) as client:
            name = "lost" if status == 404 else "broken"
            async with studio.page("desk", crumbs=(f"{name}.title",), cls="narrow") as stage:
                go = blocks.link_button(stage.t(f"{name}.go"), "/" if status == 404 else str(request.url.path))
                shown = blocks.empty("search" if status == 404 else "alert", stage.t(f"{name}.title"),
                                     stage.t(f"{name}.text"), tag("code", request.url.path[:80]), go)  # fmt: skip
                stage.box(name, "lh-box", tag("section", shown, cls="panel"))
        return client.build_response(request, status)

    @app.exception_handler(404)
    async def lost(request: Request, error: Exception) -> Response:
        endpoint = request.scope.get("endpoint")
        page = request.scope.get("nicegui_page_path") or endpoint in (None, app)
        if not page or "lh_visitor" not in request.scope:
            # A file or an asset that is not there is told as the web does it.
            missing = error if isinstance(error, HTTPException) else HTTPException(404)
            return await http_exception_handler(request, missing)
        return await told(request, 404)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        if not request.scope.get("nicegui_page_path"):
            raise error
        _LOG.error("a page of the studio failed: %s", request.url.path, exc_info=error)
        return await told(request, 500)
