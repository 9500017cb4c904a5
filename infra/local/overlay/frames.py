"""Frames of one WebSocket are handled at the same time, and what a function returns is not sent back.

Symptom without it: MiniStack's receive loop awaits the function of each frame. A second frame waits until the first one's
function has returned, and a client that leaves meanwhile is not noticed: posts to it succeed and `$disconnect` is late.

API Gateway also sends nothing of what a function returns, unless the route has a route response; ours have none. When the
function itself fails, the client gets one frame that says so.
"""

import asyncio
import json
from collections.abc import Awaitable
from typing import Any

from ministack.services import apigateway

Response = dict[str, Any] | None

_invoke = apigateway._invoke_ws_lambda
_running: set[asyncio.Task[None]] = set()  # a task that nobody holds may be collected before it ends


def install() -> None:
    """Takes the place of MiniStack's invocation of a route's function."""
    apigateway._invoke_ws_lambda = invoke


async def invoke(
    api_id: str,
    account_id: str,
    region: str,
    route: dict[str, Any],
    stage: str,
    connection_id: str,
    event_type: str,
    message_id: str,
    *details: Any,
    **more: Any,
) -> Response:
    """Awaits `$connect` and `$disconnect` as MiniStack does; starts the function of a frame and returns at once."""
    call = _invoke(api_id, account_id, region, route, stage, connection_id, event_type, message_id, *details, **more)
    if event_type != "MESSAGE":
        return await call

    task = asyncio.create_task(_handle_frame(call, connection_id, message_id))
    _running.add(task)
    task.add_done_callback(_running.discard)
    return None


async def _handle_frame(call: Awaitable[Response], connection_id: str, request_id: str) -> None:
    response = await call
    connection = apigateway._ws_connections.get(connection_id)
    if connection is None or not _failed(response):
        return
    failure = {"message": "Internal server error", "connectionId": connection_id, "requestId": request_id}
    await connection["outbox"].put(json.dumps(failure))


def _failed(response: Response) -> bool:
    """MiniStack reports a function that raised or timed out as status 502."""
    return response is not None and response.get("statusCode") == 502
