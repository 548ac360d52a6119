"""One file for each thing that is measured; it gives tables, and lines of the table of targets.

A module defines `measure(bench, plan)`, or `measure(benches, plan)` where sizes are set against each other or one is
chosen, which returns a `benchmarks.report.Part`; benchmarks/run.py names it in OF_ONE_SIZE, ACROSS_SIZES or ONCE.

Answers: `over_http`, `in_process`, `growth`, `suggest`, `interpreting`. Maps and pages: `clusters`, `pages`. Writing:
`filling`, `importing`.
"""
