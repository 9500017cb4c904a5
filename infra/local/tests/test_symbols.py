"""The overlay replaces private names of MiniStack: they must be the ones it was written against."""

import inspect
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypercorn.config import Config
from ministack.services import apigateway, apigateway_v1, dynamodb
from ministack.services.cloudformation import provisioners

HANDLERS = provisioners._RESOURCE_HANDLERS

# What a patch takes the place of, or calls, and the parameters it relies on.
PARAMETERS = [
    (apigateway._invoke_ws_lambda, "api_id account_id region route stage connection_id event_type message_id body_text source_ip headers query_params kwargs"),
    (apigateway.handle_connections_api, "method api_id stage connection_id body headers"),
    (apigateway_v1._import_rest_api, "spec base_data"),
    (apigateway_v1._put_gateway_response, "api_id response_type data"),
    (apigateway_v1._gw_error, "response_type message"),
    (dynamodb._update_ttl, "data"),
    (provisioners._apigw_rest_api_attrs, "api_id"),
    (HANDLERS["AWS::DynamoDB::Table"]["create"], "logical_id props stack_name"),
    (HANDLERS["AWS::ApiGateway::RestApi"]["create"], "logical_id props stack_name"),
    (HANDLERS["AWS::ApiGateway::RestApi"]["update"], "physical_id old_props new_props stack_name logical_id"),
    (HANDLERS["AWS::ApiGateway::RestApi"]["delete"], "physical_id props"),
    (HANDLERS["AWS::ApiGatewayV2::Api"]["create"], "logical_id props stack_name"),
]  # fmt: skip


def test_the_version_is_the_pinned_one() -> None:
    requirements = (Path(__file__).parents[1] / "requirements.txt").read_text()
    assert f"ministack[full]=={version('ministack')}" in requirements.splitlines()


@pytest.mark.parametrize(("function", "parameters"), PARAMETERS, ids=lambda it: getattr(it, "__name__", ""))
def test_a_function_has_the_parameters_that_its_patch_expects(function: Callable[..., Any], parameters: str) -> None:
    assert list(inspect.signature(function).parameters) == parameters.split()


def test_the_functions_that_patches_await_are_coroutines() -> None:
    awaited = (apigateway._invoke_ws_lambda, apigateway.handle_connections_api, apigateway_v1._invoke_lambda_proxy_v1)
    assert all(inspect.iscoroutinefunction(function) for function in awaited)


def test_the_server_has_a_limit_for_messages_to_set() -> None:
    assert isinstance(Config.websocket_max_message_size, int)


def test_the_stores_of_a_rest_api_are_the_known_ones() -> None:
    for name in ("_resources", "_authorizers_v1", "_models", "_gateway_responses"):
        assert hasattr(getattr(apigateway_v1, name), "get"), name
