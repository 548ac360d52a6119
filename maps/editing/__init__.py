"""What an owner edits of a point of sale: what is sold, when, with which photos and services."""
