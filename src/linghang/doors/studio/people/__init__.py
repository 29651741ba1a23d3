"""The audience page's parts: the rule as a tree that is edited, its controls, and what is told of it."""
