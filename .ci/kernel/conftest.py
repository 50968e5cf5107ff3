"""The kernel as a user has it: installed into a prefix, found by Jupyter, started by its launcher."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def no_user_kernels(tmp_path_factory):
    """Only the prefix of the check has kernels, whatever this machine's user has."""
    os.environ["JUPYTER_DATA_DIR"] = str(tmp_path_factory.mktemp("data"))
    os.environ["JUPYTER_RUNTIME_DIR"] = str(tmp_path_factory.mktemp("runtime"))
    os.environ["IPYTHONDIR"] = str(tmp_path_factory.mktemp("ipython"))
