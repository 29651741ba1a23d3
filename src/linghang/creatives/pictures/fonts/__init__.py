"""Faces of open licence: which are here, where each came from, and how to fetch the missing ones at set-up."""

from linghang.creatives.pictures.fonts.install import install
from linghang.creatives.pictures.fonts.registry import Face, chain, faces, typeface

__all__ = ["Face", "chain", "faces", "install", "typeface"]
