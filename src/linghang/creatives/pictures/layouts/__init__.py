"""Layouts: one family a shape of slot; each flows its parts from true ink boxes, none is a resized copy."""
