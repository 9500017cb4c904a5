"""A WebSocket message has at most 128 KiB, in both directions.

Symptom without it: a frame that is far too large arrives at the client or the function here, and is refused only in AWS.
There a post answers 413, and a client's message ends the connection with code 1009.
"""

import json
from typing import Any

from hypercorn.config import Config
from ministack.services import apigateway

LIMIT_BYTES = 128 * 1024

_connections_api = apigateway.handle_connections_api


def install() -> None:
    """Limits posts to a connection, and what a client may send."""
    apigateway.handle_connections_api = connections_api
    Config.websocket_max_message_size = LIMIT_BYTES


async def connections_api(
    method: str, api_id: str, stage: str, connection_id: str, body: bytes, headers: dict[str, str]
) -> tuple[int, dict[str, str], bytes]:
    """Refuses a post over the limit in the words of API Gateway, which the AWS SDK turns into a typed error."""
    if method == "POST" and len(body or b"") > LIMIT_BYTES:
        answer: dict[str, Any] = {"message": "Message too long", "connectionId": connection_id}
        kind = {"Content-Type": "application/json", "x-amzn-ErrorType": "PayloadTooLargeException"}
        return 413, kind, json.dumps(answer).encode()
    return await _connections_api(method, api_id, stage, connection_id, body, headers)
