"""`overlay.api_ids`: an API's id depends on its place in the stack alone."""

import json
from urllib.request import urlopen

from emulators import STACK, Portal
from overlay.api_ids import api_id


def test_the_ids_are_known_beforehand(ours: Portal) -> None:
    assert ours.outputs["RestApiId"] == api_id(STACK, "RestApi")
    assert ours.outputs["WebSocketApiId"] == api_id(STACK, "WebSocketApi")


def test_the_stock_emulator_draws_them(stock: Portal) -> None:
    assert stock.outputs["RestApiId"] != api_id(STACK, "RestApi")
    assert stock.outputs["WebSocketApiId"] != api_id(STACK, "WebSocketApi")


def test_a_changed_route_keeps_the_id_and_is_served(ours: Portal) -> None:
    before, after = ids_around_an_update(ours)
    assert before == after == api_id("changing", "Api")
    with urlopen(f"{ours.emulator.url}/_aws/execute-api/{after}/one/second/", timeout=10) as answer:
        assert answer.status == 200
    stages = ours.emulator.client("apigateway").get_stages(restApiId=after)["item"]
    assert "one" in [stage["stageName"] for stage in stages]


def test_on_the_stock_emulator_a_changed_route_changes_the_id(stock: Portal) -> None:
    before, after = ids_around_an_update(stock)
    assert before != after


def ids_around_an_update(portal: Portal) -> tuple[str, str]:
    cloudformation = portal.emulator.client("cloudformation")
    found = []
    for path, change in (("/first", "create"), ("/second", "update")):
        deploy = getattr(cloudformation, f"{change}_stack")
        capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
        deploy(StackName="changing", TemplateBody=json.dumps(template(path)), Capabilities=capabilities)
        cloudformation.get_waiter(f"stack_{change}_complete").wait(
            StackName="changing", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
        )
        stack = cloudformation.describe_stacks(StackName="changing")["Stacks"][0]
        found.append(stack["Outputs"][0]["OutputValue"])
    return found[0], found[1]


def template(path: str) -> dict[str, object]:
    answer = "def handler(event, context): return {'statusCode': 200}"
    event = {"Type": "Api", "Properties": {"RestApiId": {"Ref": "Api"}, "Path": path, "Method": "GET"}}
    return {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Api": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "one"}},
            "Function": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "Runtime": "python3.12",
                    "Handler": "index.handler",
                    "InlineCode": answer,
                    "Events": {"Get": event},
                },
            },
        },
        "Outputs": {"Id": {"Value": {"Ref": "Api"}}},
    }
