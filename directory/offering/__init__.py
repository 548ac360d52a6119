"""What a point of sale sells, in its owner's words: read, understood as far as the vocabulary goes, priced, kept."""
