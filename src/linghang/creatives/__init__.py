"""Creatives: how to say it. Copy, pictures, their combinations, and what designers teach."""
