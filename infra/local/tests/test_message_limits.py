"""`overlay.message_limits`: at most 128 KiB a message, in both directions."""

import pytest
from botocore.exceptions import ClientError
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from emulators import Portal

LIMIT = 128 * 1024


def test_a_post_of_the_limit_arrives(ours: Portal) -> None:
    assert len(post(ours, LIMIT)) == LIMIT


def test_a_larger_post_is_refused(ours: Portal) -> None:
    with pytest.raises(ClientError) as refused:
        post(ours, LIMIT + 1)
    assert refused.value.response["Error"]["Code"] == "PayloadTooLargeException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413


def test_the_stock_emulator_takes_a_larger_post(stock: Portal) -> None:
    assert len(post(stock, LIMIT + 1)) == LIMIT + 1


def test_a_message_of_the_limit_reaches_the_function(ours: Portal) -> None:
    with connect(ours.socket_url) as socket:
        socket.send("x" * LIMIT)
        assert ours.host.next_event("ws_message", lambda event: len(event["body"]) == LIMIT) is not None


def test_a_larger_message_ends_the_connection(ours: Portal) -> None:
    with connect(ours.socket_url) as socket, pytest.raises(ConnectionClosedError) as closed:
        socket.send("x" * (LIMIT + 1))
        socket.recv(timeout=5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


def test_the_stock_emulator_hands_a_larger_message_on(stock: Portal) -> None:
    with connect(stock.socket_url) as socket:
        socket.send("x" * (LIMIT + 1))
        assert stock.host.next_event("ws_message", lambda event: len(event["body"]) == LIMIT + 1) is not None


def post(portal: Portal, size: int) -> str:
    with connect(portal.socket_url, max_size=None) as socket:
        socket.send("who am I?")
        event = portal.host.next_event("ws_message", lambda event: event["body"] == "who am I?")
        assert event is not None
        portal.sockets().post_to_connection(ConnectionId=event["requestContext"]["connectionId"], Data=b"y" * size)
        return str(socket.recv(timeout=5))
