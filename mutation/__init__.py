"""Do the tests notice that the law was changed? Figures one by one, then formulas.

`python -m mutation --help` lists the commands; docs/mutation.md says how to read what they print.
"""
