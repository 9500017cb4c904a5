"""`overlay.gateway_responses` and `overlay.function_failures`: what API Gateway answers by itself."""

import json
from urllib.error import HTTPError
from urllib.request import urlopen

from emulators import Portal
from function_host import Event, FunctionFailed


def test_an_unknown_path_is_a_problem_document(ours: Portal) -> None:
    status, kind, body = get(ours, "/api/nothing/")
    problem = json.loads(body)
    assert (status, kind) == (404, "application/problem+json")
    assert (problem["type"], problem["status"]) == ("/problems/not-found", 404)
    assert problem["request_id"]


def test_the_stock_emulator_asks_for_a_token(stock: Portal) -> None:
    status, _, body = get(stock, "/api/nothing/")
    assert (status, json.loads(body)) == (403, {"message": "Missing Authentication Token"})


def test_a_failed_function_is_a_problem_document_without_the_reason(ours: Portal) -> None:
    ours.host.answers["models_list"] = fail
    status, kind, body = get(ours, "/api/models/")
    assert (status, kind, json.loads(body)["status"]) == (500, "application/problem+json", 500)
    assert "inside" not in body


def test_the_stock_emulator_tells_the_reason(stock: Portal) -> None:
    stock.host.answers["models_list"] = fail
    status, kind, body = get(stock, "/api/models/")
    assert (status, kind) == (502, "application/json")
    assert "what went wrong inside" in body


def test_a_functions_own_502_passes(ours: Portal) -> None:
    problem = {"content-type": "application/problem+json"}
    ours.host.answers["models_list"] = lambda _: {"statusCode": 502, "headers": problem, "body": "{}"}
    assert get(ours, "/api/models/") == (502, "application/problem+json", "{}")


def fail(_: Event) -> object:
    raise FunctionFailed("what went wrong inside")


def get(portal: Portal, path: str) -> tuple[int, str, str]:
    try:
        with urlopen(portal.api_url + path, timeout=10) as answer:
            return answer.status, answer.headers["content-type"], answer.read().decode()
    except HTTPError as error:
        return error.code, error.headers["content-type"], error.read().decode()
