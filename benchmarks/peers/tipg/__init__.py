"""tipg, in an environment of its own because its pins differ; it publishes the functions of functions.sql."""
