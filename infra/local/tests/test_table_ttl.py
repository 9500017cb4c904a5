"""`overlay.table_ttl`: the table's time to live comes from the template."""

from emulators import Portal


def test_the_connections_expire_by_their_attribute(ours: Portal) -> None:
    assert time_to_live(ours) == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


def test_the_stock_emulator_ignores_it(stock: Portal) -> None:
    assert time_to_live(stock) == {"TimeToLiveStatus": "DISABLED"}


def time_to_live(portal: Portal) -> dict[str, str]:
    table = portal.outputs["ConnectionsTable"]
    description: dict[str, str] = portal.emulator.client("dynamodb").describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    return description
