"""A table's time to live is taken from the template.

Symptom without it: `TimeToLiveSpecification` is ignored, rows of connections that are gone stay for ever, and a stack that
works here was never tested with the cleaning that AWS does.
"""

from typing import Any

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

_table = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
_create = _table["create"]


def install() -> None:
    """Takes the place of the handler that creates a table."""
    _table["create"] = create


def create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    """Creates the table, then sets its time to live."""
    name, attributes = _create(logical_id, properties, stack_name)
    wanted = properties.get("TimeToLiveSpecification")
    if wanted:
        # A template may say true as a text.
        enabled = str(wanted.get("Enabled")).lower() == "true"
        specification = {"Enabled": enabled, "AttributeName": wanted.get("AttributeName", "")}
        dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": specification})
    return name, attributes
