"""Every door of the project under inputs drawn at random: `python -m fuzz --help`.

An input is bytes, as people, programs or browsers send them. A door takes it and computes, or
refuses it with its own error; anything else is a finding. docs/fuzzing.md tells the rest.
"""
