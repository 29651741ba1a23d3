"""What we ask of the outside world: one short protocol a file."""
