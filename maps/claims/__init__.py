"""What anybody may say of an entry: that something is wrong, that it is theirs, that it is to go."""
