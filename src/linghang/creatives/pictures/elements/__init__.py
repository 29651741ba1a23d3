"""Elements: coins, packets, shields and the like, ray-marched on the CPU in one studio light, cached by content."""
