"""Runs cells as a front end does, and keeps what came back."""

import time
from dataclasses import dataclass, field

from jupyter_client.manager import KernelManager

PATIENCE = 180


@dataclass
class Outcome:
    """What came back for one cell."""

    status: str
    content: dict
    messages: list = field(default_factory=list)

    def of(self, kind):
        return [m["content"] for m in self.messages if m["msg_type"] == kind]

    @property
    def text(self):
        """The result as plain text."""
        results = self.of("execute_result")
        return results[-1]["data"]["text/plain"] if results else ""

    @property
    def html(self):
        results = self.of("execute_result")
        return results[-1]["data"].get("text/html", "") if results else ""

    @property
    def error(self):
        return "\n".join(line for e in self.of("error") for line in e["traceback"])


class Notebook:
    """One running kernel."""

    def __init__(self, folder):
        self.manager = KernelManager(kernel_name="arc")
        self.manager.start_kernel(cwd=str(folder))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def run(self, code, while_running=None):
        """Runs a cell; `while_running(message)` is called for each message that it publishes."""
        messages = []

        def hook(message):
            messages.append(message)
            if while_running:
                while_running(message)

        reply = self.client.execute_interactive(
            code, output_hook=hook, timeout=PATIENCE, allow_stdin=False
        )
        return Outcome(reply["content"]["status"], reply["content"], messages)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def wait_until(condition, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("It did not happen in time")
