"""What anybody says of an entry: that something is wrong with it (`reporting`), that it is theirs (`claiming`, by a
code of `codes` or of a letter, `letters`). `limits` is how often.
"""
