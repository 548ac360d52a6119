"""How fast it is, against what: `make bench`. Results are written to RESULTS.md beside this file."""
