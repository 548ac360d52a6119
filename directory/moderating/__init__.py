"""What moderators look at and decide, and what owners are told of it."""
