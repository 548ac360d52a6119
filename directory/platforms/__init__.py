"""The aggregator: platforms found where they serve and for what they sell, and the lists that partners give us.

Nobody's pages are framed or copied: people are sent there.
"""

from directory.platforms.finding import FEW, Nearby, also_near

__all__ = ["FEW", "Nearby", "also_near"]
