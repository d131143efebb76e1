"""Settings of the whole suite."""

from hypothesis import settings

# Same draws at each run, and no test that fails because a machine is slow.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")
