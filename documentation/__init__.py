"""The documentation site: the pages of `docs`, and a reference drawn from the model.

`python -m documentation` puts both in one tree of sources, has Sphinx make pages of it, then reads
every link of these pages. A dead link, or a page that no list leads to, fails.
"""
