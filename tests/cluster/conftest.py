"""Two real nodes on loopback, for the whole group."""

from collections.abc import Iterator

import pytest

from linghang.adapters.clickhouse_cluster import ClickHouseCluster
from linghang.testing import clickhouse_nodes
from linghang.testing.clickhouse_nodes import CLUSTER, Node


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Node]]:
    """The nodes; the tests skip where the library is not installed."""
    shared = clickhouse_nodes.library()
    if shared is None:
        pytest.skip("no libchdb.so: scripts/install-test-tools fetches it, or set LINGHANG_CLICKHOUSE_LIBRARY")
    with clickhouse_nodes.cluster(tmp_path_factory.mktemp("cluster"), shared) as started:
        yield started


@pytest.fixture(scope="session")
def engine(nodes: list[Node]) -> Iterator[ClickHouseCluster]:
    """The cluster as an analytics engine."""
    opened = ClickHouseCluster([node.address for node in nodes], CLUSTER)
    yield opened
    opened.close()
