"""One file for each thing that is measured; it gives tables, and lines of the table of targets.

A module defines `measure(bench, plan)`, or `measure(benches, plan)` where sizes are set against each other, which
returns a `benchmarks.report.Part`; benchmarks/run.py names it in OF_ONE_SIZE or ACROSS_SIZES.
"""
