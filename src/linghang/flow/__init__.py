"""The section graph, the compiler and the walk; the only room where work is sent back."""
