"""What API Gateway answers by itself is taken from the API's description.

Symptom without it: `GatewayResponses` of the template are dropped, an unknown path answers 403 with a message about an
authentication token instead of our problem document.
"""

from typing import Any

from ministack.services import apigateway_v1

_EXTENSION = "x-amazon-apigateway-gateway-responses"

_import = apigateway_v1._import_rest_api


def install() -> None:
    """Takes the place of MiniStack's import of an OpenAPI description."""
    apigateway_v1._import_rest_api = import_rest_api


def import_rest_api(description: dict[str, Any], settings: dict[str, Any] | None = None) -> str:
    """Imports the API, then its gateway responses."""
    api_id: str = _import(description, settings)
    for kind, response in description.get(_EXTENSION, {}).items():
        status, _, body = apigateway_v1._put_gateway_response(api_id, kind, response)
        if status >= 400:
            raise ValueError(f"gateway response {kind} was refused: {body!r}")
    return api_id
