"""Broadband: editions of published figures, zones that a département delivered, and what both say at a point."""
