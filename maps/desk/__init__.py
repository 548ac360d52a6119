"""The desk of a département's officials: signed in, each to their own départements. Nothing here is public."""
