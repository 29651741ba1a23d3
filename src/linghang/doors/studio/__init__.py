"""The studio: the web workplace of operators, designers, compliance officers, approvers and analysts.

Pages have the rooms' names. A card is a pure function from values to markup (``markup``, ``blocks``); a ``Stage``
holds a page's boxes and handlers; skills are called through the home's client; long work runs on in ``work`` when a
page is closed. Nothing is loaded from anywhere else.
"""

from linghang.doors.studio.server import mount, run

__all__ = ["mount", "run"]
