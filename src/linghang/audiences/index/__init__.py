"""The bitmap index: one packed bitset a value, narrow columns for numbers, counters for behaviour; memory-mapped."""
