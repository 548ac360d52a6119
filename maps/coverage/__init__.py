"""Broadband as the public sees it: the page, its map and table, and the drawing without JavaScript."""
