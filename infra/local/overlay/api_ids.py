"""An API keeps its id when the emulator starts afresh and when the template changes.

Symptom without it: ids are random, so that after each restart of the emulator, and after each deployment that changes a
route, the front door and the functions hold addresses that lead nowhere and must be restarted too. In AWS an update
keeps the id.
"""

import hashlib
from typing import Any

from ministack.services import apigateway_v1
from ministack.services.cloudformation import provisioners

Created = tuple[str, dict[str, Any]]

_rest = provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::RestApi"]
_web_socket = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
_create_rest = _rest["create"]
_update_rest = _rest["update"]
_delete_rest = _rest["delete"]
_create_web_socket = _web_socket["create"]

# MiniStack's own tag for a chosen id.
_TAG = "ms-custom-id"


def install() -> None:
    """Takes the place of the handlers that make and change APIs."""
    _rest["create"] = create_rest
    _rest["update"] = update_rest
    _web_socket["create"] = create_web_socket


def create_rest(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    """Creates a REST API under the id that its place in the stack gives it."""
    tag = {"Key": _TAG, "Value": api_id(stack_name, logical_id)}
    return _create_rest(logical_id, {**properties, "Tags": [*properties.get("Tags", []), tag]}, stack_name)


def update_rest(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str, logical_id: str | None = None
) -> Created:
    """Gives an API whose routes changed its new routes, under the id that it has."""
    if new.get("Body") == old.get("Body"):
        return _update_rest(physical_id, old, new, stack_name, logical_id)
    # MiniStack can only import a description as a new API: import it, then take over what came of it.
    imported, _ = _create_rest(logical_id or physical_id, new, stack_name)
    for part in (
        apigateway_v1._resources,
        apigateway_v1._authorizers_v1,
        apigateway_v1._models,
        apigateway_v1._gateway_responses,
    ):
        part[physical_id] = part[imported]
    _delete_rest(imported, new)
    return physical_id, provisioners._apigw_rest_api_attrs(physical_id)


def create_web_socket(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    """Creates a WebSocket API under the id that its place in the stack gives it."""
    tags = {**properties.get("Tags", {}), _TAG: api_id(stack_name, logical_id)}
    return _create_web_socket(logical_id, {**properties, "Tags": tags}, stack_name)


def api_id(stack_name: str, logical_id: str) -> str:
    """Eight hexadecimal digits, the form that MiniStack can address."""
    return hashlib.sha256(f"{stack_name}/{logical_id}".encode()).hexdigest()[:8]
