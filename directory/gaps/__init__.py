"""Points of sale in the broadband gap: found (refreshing), put in order (priority), listed (worklist), followed up.

Nothing of it is public: views go through `access`.
"""
