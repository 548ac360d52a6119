"""A merchant registers itself: what the State's register says of it, its answers step by step, its publication."""
