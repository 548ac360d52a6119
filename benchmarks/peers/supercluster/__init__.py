"""npm's supercluster, which clusters in memory: its versions, its script, and what runs it."""
