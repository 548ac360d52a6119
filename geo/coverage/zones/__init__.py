"""Zones that a département delivered: a file of polygons, read through GDAL, each with the class of its lines."""
