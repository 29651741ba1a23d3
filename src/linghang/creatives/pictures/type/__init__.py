"""Type: measuring, breaking and drawing text as glyph outlines, so that what was measured is what is drawn."""
