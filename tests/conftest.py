"""Settings of the whole suite."""

import gc

import pytest
from hypothesis import settings

# Same draws at each run, and no test that fails because a machine is slow.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """The laws and libraries of all the modules stay: no collection need walk them."""
    gc.freeze()
