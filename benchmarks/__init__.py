"""How fast Guixin is, as ratios to the raw database on the same machine in the same run.

    bin/bench                       every job at 1,000 and at 1,000,000 cases
    bin/bench intake queues         only these
    bin/bench --cases 100000        another size;  --quick: 20,000 cases and short runs

A job is a module with `run(held)`; it gives its figures as `Figure`s. Nothing here asserts a time: a machine may be
slow, a ratio says whether we are.

holding.py      the database of its own and the cases held in it
measuring.py    CPU of this process and of its database server's, medians, statements, Figure
"""
