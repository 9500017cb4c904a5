"""What MiniStack 1.5.33 does unlike AWS and the portal would notice, put right. One patch a module, each with its test.

A patch replaces a private name of MiniStack, hence the exact version in requirements.txt. `tests/` starts the emulator
with and without the overlay: a test fails when its patch is missing, and also when the stock emulator no longer has the
defect, which is the time to delete the patch.
"""

from overlay import api_ids, frames, function_failures, gateway_responses, message_limits, table_ttl


def install() -> None:
    """Applies all patches; call it before the emulator serves."""
    frames.install()
    message_limits.install()
    table_ttl.install()
    gateway_responses.install()
    function_failures.install()
    api_ids.install()
