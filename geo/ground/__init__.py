"""The communes of a région: built from open data once a year, kept as one GeoJSON, loaded as a diff."""
