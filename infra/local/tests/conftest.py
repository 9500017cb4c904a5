"""The portal on our emulator and on the stock one. A patch's tests ask both: the first shows that the patch works, the
second that it is still needed."""

from collections.abc import Iterator

import pytest

from emulators import Emulator, Portal
from function_host import FunctionHost


@pytest.fixture(scope="session")
def ours() -> Iterator[Portal]:
    """The portal on the emulator with the overlay."""
    yield from _portal(overlay=True)


@pytest.fixture(scope="session")
def stock() -> Iterator[Portal]:
    """The portal on MiniStack as it is."""
    yield from _portal(overlay=False)


def _portal(overlay: bool) -> Iterator[Portal]:
    host = FunctionHost()
    emulator = Emulator(host, overlay)
    try:
        yield Portal(emulator)
    finally:
        emulator.stop()
        host.close()


@pytest.fixture(autouse=True)
def _plain_answers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Forgets after each test how functions answer."""
    yield
    for name in ("ours", "stock"):
        if name in request.fixturenames:
            request.getfixturevalue(name).host.answers.clear()
