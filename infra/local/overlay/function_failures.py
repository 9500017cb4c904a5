"""A request whose function fails is answered by API Gateway, without what went wrong inside.

Symptom without it: the body holds the function's error message, or the address of its host, and is no problem document, so
the page is built and tested against something that AWS never sends.
"""

from typing import Any

from ministack.services import apigateway_v1

_invoke = apigateway_v1._invoke_lambda_proxy_v1

# How MiniStack answers for a function that raised or timed out. A function's own 502 has the headers that it gave.
_FAILED = (502, {"Content-Type": "application/json"})


def install() -> None:
    """Takes the place of MiniStack's invocation of a method's function."""
    apigateway_v1._invoke_lambda_proxy_v1 = invoke


async def invoke(*request: Any, **more: Any) -> Any:
    """Invokes the function; a failure becomes the gateway response for it."""
    answer = await _invoke(*request, **more)
    if isinstance(answer, tuple) and answer[:2] == _FAILED:
        return apigateway_v1._gw_error("DEFAULT_5XX", "Internal server error")
    return answer
