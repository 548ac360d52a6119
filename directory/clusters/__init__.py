"""Question and zoom in, clusters out: exact counts for a map, from cells that are kept in step with every write.

`cover` says which kept cells make up a box, `reading` reads them, `clustering` gives the clusters, `pyramid` folds what
was written into the cells.
"""

from directory.clusters.clustering import Clusters, clusters
from directory.clusters.reading import Cell

__all__ = ["Cell", "Clusters", "clusters"]
