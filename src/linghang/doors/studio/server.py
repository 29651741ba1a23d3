"""The studio's own web process: assets, files, pages. It calls skills through the home's client and nothing else."""

import hashlib
from importlib import resources
from pathlib import Path

from nicegui import app, ui

from linghang.doors.studio import downloads, files, gate
from linghang.doors.studio.gate import Place
from linghang.doors.studio.rooms import pages
from linghang.doors.studio.session import Client
from linghang.doors.studio.shell import Studio

LOCAL = ("127.0.0.1", "localhost", "::1")


def mount(client: Client, *, locale: str = "zh-CN", place: Place | None = None) -> Studio:
    """Register the gate, assets, files and all pages with NiceGUI's application."""
    place = place or Place()
    folder = Path(str(resources.files("linghang.doors.studio").joinpath("assets")))
    version = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()))).hexdigest()[:12]
    app.add_static_files("/assets", folder, max_cache_age=31_536_000)
    files.serve(app, client)
    downloads.serve(app, client, locale)
    gate.mount(app, client, place, locale=locale, version=version)
    studio = Studio(client, locale, version, place)
    for register in pages():
        register(studio)
    return studio


def run(client: Client, *, host: str = "127.0.0.1", port: int = 8080, locale: str = "zh-CN", tls: bool = False) -> None:
    """Serve the studio until the process is told to stop. ``tls``: a proxy in front of it speaks HTTPS."""
    mount(client, locale=locale, place=Place(local=host in LOCAL and not tls, tls=tls))
    icon = resources.files("linghang.doors.studio").joinpath("assets/favicon.svg").read_text("utf-8")
    ui.run(
        host=host,
        port=port,
        title="领航 Linghang",
        favicon=icon,
        show=False,
        reload=False,
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=30,
        binding_refresh_interval=None,
    )
