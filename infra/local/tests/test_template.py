"""template.yaml on the emulator, as deployed by the documented commands."""

import json
from urllib.request import Request, urlopen

from websockets.sync.client import connect

from emulators import SECRET, STAGE, Portal

NAMES = {
    "conversations_list", "conversations_create", "conversations_get", "conversations_update", "conversations_delete",
    "conversations_messages", "conversations_stop", "messages_create", "messages_edit", "messages_regenerate", "models_list", "ws_connect", "ws_disconnect", "ws_message", "reply", "migrate",
}  # fmt: skip


def test_every_function_is_there_under_its_stage(ours: Portal) -> None:
    assert set(environments(ours)) == NAMES


def test_a_parameter_left_empty_leaves_its_variable_out(ours: Portal) -> None:
    for name, variables in environments(ours).items():
        assert "" not in variables.values(), name
    assert not environments(ours)["reply"].keys() & {"DEFAULT_MODEL", "OPENAI_API_KEY", "OPENAI_BASE_URL"}


def test_secrets_go_only_where_they_are_needed(ours: Portal) -> None:
    having = {variable: {name for name, it in environments(ours).items() if variable in it} for variable in
              ("DATABASE_DIRECT_URL", "DATABASE_URL", "ORIGIN_SECRET")}  # fmt: skip
    assert having["DATABASE_DIRECT_URL"] == {"migrate"}
    assert having["DATABASE_URL"] == NAMES - {"models_list", "ws_disconnect"}
    assert having["ORIGIN_SECRET"] == NAMES - {"ws_disconnect", "ws_message", "reply", "migrate"}
    assert environments(ours)["ws_connect"]["ORIGIN_SECRET"] == SECRET


def test_functions_post_to_the_emulators_sockets(ours: Portal) -> None:
    assert environments(ours)["reply"]["WS_MANAGEMENT_ENDPOINT"] == ours.management_url


def test_the_connections_can_be_found_by_conversation_and_by_person(ours: Portal) -> None:
    table = ours.emulator.client("dynamodb").describe_table(TableName=f"{STAGE}_connections")["Table"]
    indexes = {index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]] for index in table["GlobalSecondaryIndexes"]}
    assert indexes == {"by_conversation": ["conversation_id", "connection_id"], "by_user": ["user_id", "connection_id"]}


def test_an_answer_is_never_started_twice(ours: Portal) -> None:
    functions = ours.emulator.client("lambda")
    config = functions.get_function_event_invoke_config(FunctionName=f"{STAGE}_reply", Qualifier="$LATEST")
    assert config["MaximumRetryAttempts"] == 0


def test_a_path_is_served_with_and_without_its_slash_and_passed_on_as_sent(ours: Portal) -> None:
    for path in ("/api/messages", "/api/messages/"):
        body = json.dumps({"content": "größer 👋"}).encode()
        with urlopen(Request(ours.api_url + path, data=body, method="POST"), timeout=10) as answer:
            assert answer.status == 200
        event = ours.host.next_event("messages_create")
        assert event is not None
        assert (event["path"], event["body"].encode()) == (path, body)


def test_every_frame_reaches_the_one_function(ours: Portal) -> None:
    with connect(ours.socket_url) as socket:
        for frame in ('{"action":"sendMessage"}', '{"action":"nothing we know"}', "no JSON"):
            socket.send(frame)
            assert ours.host.next_event("ws_message", lambda event, frame=frame: event["body"] == frame) is not None


def test_connecting_passes_the_query_and_leaving_is_told(ours: Portal) -> None:
    with connect(ours.socket_url):
        event = ours.host.next_event("ws_connect", lambda event: event["queryStringParameters"] == {"conversation_id": "abc"})
        assert event is not None
    connection_id = event["requestContext"]["connectionId"]
    left = ours.host.next_event("ws_disconnect", lambda event: event["requestContext"]["connectionId"] == connection_id)
    assert left is not None


def environments(portal: Portal) -> dict[str, dict[str, str]]:
    pages = portal.emulator.client("lambda").get_paginator("list_functions").paginate()
    return {
        function["FunctionName"].removeprefix(f"{STAGE}_"): function["Environment"]["Variables"]
        for page in pages
        for function in page["Functions"]
        if function["FunctionName"].startswith(f"{STAGE}_")
    }
