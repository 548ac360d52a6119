"""The page where an owner checks its pin."""
