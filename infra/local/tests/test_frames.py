"""`overlay.frames`: frames of one socket are handled at the same time, and only posts reach the client."""

import json
import threading
from collections.abc import Callable

from websockets.sync.client import connect

from emulators import Portal
from function_host import Event, FunctionFailed

PATIENCE = 3.0  # seconds that a function waits for what happens only when frames do not wait for each other


def test_a_second_frame_does_not_wait_for_the_first(ours: Portal) -> None:
    assert second_frame_is_handled_meanwhile(ours)


def test_on_the_stock_emulator_it_waits(stock: Portal) -> None:
    assert not second_frame_is_handled_meanwhile(stock)


def test_a_client_that_leaves_is_noticed_while_a_frame_is_handled(ours: Portal) -> None:
    assert disconnect_is_handled_meanwhile(ours)


def test_on_the_stock_emulator_it_is_not_noticed(stock: Portal) -> None:
    assert not disconnect_is_handled_meanwhile(stock)


def test_what_a_function_returns_is_not_sent(ours: Portal) -> None:
    assert first_message_when_a_function_returns_a_body(ours) == "posted"


def test_on_the_stock_emulator_it_is_sent(stock: Portal) -> None:
    assert first_message_when_a_function_returns_a_body(stock) == "returned"


def test_a_failed_function_says_only_that(ours: Portal) -> None:
    message = json.loads(message_when_a_function_fails(ours))
    assert message["message"] == "Internal server error"
    assert message.keys() == {"message", "connectionId", "requestId"}


def test_on_the_stock_emulator_it_says_why(stock: Portal) -> None:
    assert "what went wrong inside" in message_when_a_function_fails(stock)


def second_frame_is_handled_meanwhile(portal: Portal) -> bool:
    second = threading.Event()
    seen: list[bool] = []

    def answer(event: Event) -> object:
        if event["body"] == "first":
            seen.append(second.wait(PATIENCE))
        else:
            second.set()
        return {"statusCode": 200}

    portal.host.answers["ws_message"] = answer
    with connect(portal.socket_url) as socket:
        socket.send("first")
        socket.send("second")
        until(lambda: seen != [] and second.is_set())
    return seen[0]


def disconnect_is_handled_meanwhile(portal: Portal) -> bool:
    started = threading.Event()
    seen: list[bool] = []

    def answer(event: Event) -> object:
        started.set()
        connection_id = event["requestContext"]["connectionId"]
        left = portal.host.next_event("ws_disconnect", lambda it: it["requestContext"]["connectionId"] == connection_id, PATIENCE)
        seen.append(left is not None)
        return {"statusCode": 200}

    portal.host.answers["ws_message"] = answer
    with connect(portal.socket_url) as socket:
        socket.send("wait")
        assert started.wait(5)
    until(lambda: seen != [])
    return seen[0]


def first_message_when_a_function_returns_a_body(portal: Portal) -> str:
    portal.host.answers["ws_message"] = lambda _: {"statusCode": 200, "body": "returned"}
    with connect(portal.socket_url) as socket:
        socket.send("hello")
        event = portal.host.next_event("ws_message", lambda event: event["body"] == "hello")
        assert event is not None
        # On the stock emulator a frame's turn comes when the one before it has been answered.
        socket.send("the next")
        assert portal.host.next_event("ws_message", lambda event: event["body"] == "the next") is not None
        portal.sockets().post_to_connection(ConnectionId=event["requestContext"]["connectionId"], Data=b"posted")
        return str(socket.recv(timeout=5))


def message_when_a_function_fails(portal: Portal) -> str:
    def fail(_: Event) -> object:
        raise FunctionFailed("what went wrong inside")

    portal.host.answers["ws_message"] = fail
    with connect(portal.socket_url) as socket:
        socket.send("hello")
        return str(socket.recv(timeout=5))


def until(condition: Callable[[], bool], timeout: float = 2 * PATIENCE) -> None:
    """Waits for the condition."""
    over = threading.Event()
    for _ in range(int(timeout / 0.02)):
        if condition():
            return
        over.wait(0.02)
    raise AssertionError("the condition did not come true in time")
