"""Analytics on a ClickHouse cluster: the same statements as the embedded engine's, customers sharded by hash.

A table becomes one on every shard and a ``Distributed`` one over them; rows go to the shard of their customer. Whatever
reads two tables together sends the inner one to all shards (``GLOBAL``), which is right however they are sharded. A
shard that does not answer is an error: an answer is never made of the others alone.

What the embedded engine promises and a cluster cannot keep: an insert is whole on each shard, not on all together. So
an insert that failed may have left rows behind, and is repeated under the same block or batch, as the rooms do.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pyarrow as pa

from linghang.adapters.clickhouse_text import bound, meaning
from linghang.base.errors import LinghangError, UnavailableError, UsageError
from linghang.ports.analytics import Parameter

_CREATE = re.compile(
    r"CREATE TABLE (?P<if>IF NOT EXISTS )?`?(?P<name>[^`(]+?)`? \((?P<columns>.*)\) "
    r"ENGINE = (?P<engine>\w+)(?P<rest>.*)",
    re.S,
)
_DROP = re.compile(r"DROP TABLE (IF EXISTS )?`?(?P<name>[^`]+?)`?")
_DELETE = re.compile(r"DELETE FROM `?(?P<name>[^` ]+)`? (?P<rest>.*)", re.S)
_SHARD = "{name}@shard"
_ARRAY = re.compile(r"\{(\w+):Array\(UInt32\)\}")
_LONG = 100_000
"""Characters of a value above which it travels as rows of its own: a form field of the server holds 128 KiB."""
_ALWAYS: Mapping[str, Any] = {
    "output_format_arrow_string_as_string": 1,
    "output_format_arrow_low_cardinality_as_dictionary": 0,
    "output_format_arrow_compression_method": "none",
    "wait_end_of_query": 1,
    "join_use_nulls": 0,
    # An answer without a shard would be a smaller number that looks like an answer.
    "skip_unavailable_shards": 0,
    # An inner table is sent to all shards; rows of two tables need not lie on the same one.
    "distributed_product_mode": "global",
    # With it an aggregate whose condition contradicts itself loses its column between shard and initiator (26.7).
    "optimize_redundant_comparisons": 0,
    # Rows are on their shard before the insert returns, and never forwarded by a shard that does not own them.
    "distributed_foreground_insert": 1,
    "parallel_distributed_insert_select": 0,
}
_GONE = frozenset({198, 209, 210, 279})
"""Codes for a host that is not found, does not answer in time, or refuses, and for all replicas tried."""
_SECONDS = 600.0


class ClickHouseCluster:
    """A cluster, by the HTTP addresses of one replica a shard (``http://host:8123``) and the name that they know it by.

    The first address is asked; DDL goes to all. Safe to call from several threads.
    """

    def __init__(self, addresses: Sequence[str], cluster: str, *, user: str = "default", password: str = "") -> None:
        if not addresses:
            raise UsageError("engine.no_addresses", cluster=cluster)
        self._cluster = cluster
        headers = {"X-ClickHouse-User": user, "X-ClickHouse-Key": password}
        self._nodes = [httpx.Client(base_url=one, headers=headers, timeout=_SECONDS) for one in addresses]
        self._lock = threading.Lock()

    @classmethod
    def from_environment(cls, told: Mapping[str, str]) -> "ClickHouseCluster | None":
        """The cluster that ``LINGHANG_CLICKHOUSE`` names (addresses with commas between), None where it is not set.

        ``LINGHANG_CLICKHOUSE_CLUSTER`` is its name there, ``…_USER`` and ``…_PASSWORD`` who asks.
        """
        addresses = [one.strip() for one in told.get("LINGHANG_CLICKHOUSE", "").split(",") if one.strip()]
        if not addresses:
            return None
        name = told.get("LINGHANG_CLICKHOUSE_CLUSTER", "linghang")
        user, password = told.get("LINGHANG_CLICKHOUSE_USER", "default"), told.get("LINGHANG_CLICKHOUSE_PASSWORD", "")
        return cls(addresses, name, user=user, password=password)

    def query(
        self, sql: str, params: Mapping[str, Parameter] | None = None, *, timeout: float | None = None
    ) -> pa.Table:
        """The rows of a SELECT."""
        more = {"max_execution_time": timeout} if timeout else {}
        body = self._ask(self._nodes[0], sql, params, {**more, "default_format": "ArrowStream"}, timeout)
        return pa.ipc.open_stream(pa.py_buffer(body)).read_all() if body else pa.table({})

    def execute(self, sql: str, params: Mapping[str, Parameter] | None = None) -> None:
        """Run a statement without rows: what defines or deletes on every shard, the rest once."""
        if (made := _CREATE.fullmatch(sql.strip())) is not None:
            self._create(made)
        elif (dropped := _DROP.fullmatch(sql.strip())) is not None:
            for name in (dropped["name"], _SHARD.format(name=dropped["name"])):
                self._everywhere(f"DROP TABLE IF EXISTS `{name}` SYNC")
        elif (deleted := _DELETE.fullmatch(sql.strip())) is not None:
            name = _SHARD.format(name=deleted["name"])
            self._everywhere(f"DELETE FROM `{name}` {deleted['rest']}", params)
        elif sql.lstrip().upper().startswith(("CREATE", "DROP", "DELETE", "ALTER", "TRUNCATE", "RENAME", "EXCHANGE")):
            # It would hold on one node only: refused rather than half done.
            raise UsageError("engine.not_on_a_cluster", statement=sql[:120])
        else:
            self._ask(self._nodes[0], sql, params, {})

    def insert(self, table: str, rows: pa.Table) -> int:
        """Append rows, each to its shard; returns how many. Whole on each shard, not on all together."""
        if not rows.num_rows:
            return 0
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema) as writer:
            for batch in rows.combine_chunks().to_batches(max_chunksize=rows.num_rows):
                writer.write_batch(batch)
        columns = ", ".join(f"`{name}`" for name in rows.column_names)
        statement = f"INSERT INTO {table} ({columns}) FORMAT ArrowStream"
        settings = {
            "query": statement, "max_insert_block_size": 4_000_000_000, "min_insert_block_size_rows": 4_000_000_000,
            "min_insert_block_size_bytes": 1_000_000_000_000, "max_insert_threads": 1,
        }  # fmt: skip
        self._send(self._nodes[0], {**_ALWAYS, **settings}, content=sink.getvalue().to_pybytes(), inserting=True)
        return rows.num_rows

    def shards(self) -> list[pa.Table]:
        """What every shard's own node knows of itself: its host name and version, in the order of the addresses."""
        asked = {"default_format": "ArrowStream"}
        answers = [
            self._ask(node, "SELECT hostName() AS host, version() AS version", None, asked) for node in self._nodes
        ]
        return [pa.ipc.open_stream(pa.py_buffer(answer)).read_all() for answer in answers]

    def close(self) -> None:
        """Let go of the connections; the cluster goes on."""
        for node in self._nodes:
            node.close()

    def _create(self, made: re.Match[str]) -> None:
        if made["engine"] != "MergeTree":
            raise UsageError("engine.not_on_a_cluster", statement=made[0][:120])
        shard = _SHARD.format(name=made["name"])
        exists = made["if"] or ""
        self._everywhere(f"CREATE TABLE {exists}`{shard}` ({made['columns']}) ENGINE = MergeTree{made['rest']}")
        key = _key(made["columns"])
        self._everywhere(
            f"CREATE TABLE {exists}`{made['name']}` AS `{shard}` "
            f"ENGINE = Distributed('{self._cluster}', currentDatabase(), '{shard}', {key})"
        )

    def _everywhere(self, sql: str, params: Mapping[str, Parameter] | None = None) -> None:
        with self._lock:
            for node in self._nodes:
                self._ask(node, sql, params, {})

    def _ask(
        self,
        node: httpx.Client,
        sql: str,
        params: Mapping[str, Parameter] | None,
        settings: Mapping[str, Any],
        timeout: float | None = None,
    ) -> bytes:
        """The body of the answer; values travel as form fields beside the statement, long lists as rows."""
        told = bound(params)
        files: list[tuple[str, Any]] = []
        options: dict[str, Any] = {**_ALWAYS, "max_query_size": 1 << 30, **settings}
        for name in _ARRAY.findall(sql):
            if len(told.get(name, "")) > _LONG:
                rows = told.pop(name).strip("[]").replace(",", "\n")
                files.append((f"rows_{name}", (name, rows.encode())))
                options |= {f"rows_{name}_format": "TSV", f"rows_{name}_structure": "x UInt32"}
                sql = sql.replace(f"{{{name}:Array(UInt32)}}", f"(SELECT groupArray(x) FROM rows_{name})")
        files = [("query", (None, sql)), *((f"param_{name}", (None, text)) for name, text in told.items()), *files]
        return self._send(node, options, files=files, timeout=timeout)

    def _send(
        self, node: httpx.Client, settings: Mapping[str, Any], *, timeout: float | None = None, inserting: bool = False,
        **body: Any,
    ) -> bytes:  # fmt: skip
        limit = timeout + 15.0 if timeout else _SECONDS
        try:
            answer = node.post("/", params=dict(settings), timeout=limit, **body)
        except httpx.TimeoutException as error:
            raise UnavailableError("engine.timeout", reason=f"{node.base_url}: no answer after {limit} s") from error
        except httpx.HTTPError as error:
            raise UnavailableError("engine.shard_gone", reason=f"{node.base_url}: {error}") from error
        if answer.status_code != httpx.codes.OK:
            raise _error(answer, inserting)
        return answer.content


def _key(columns: str) -> str:
    """By which expression rows find their shard: the customer's, else of the external id, else of whatever is there.

    A table that was copied from elsewhere may call anything so: only our own types count.
    """
    kinds = dict(re.findall(r"(?:^|, )`?(\w+)`? (\w+)", columns))
    if kinds.get("customer") == "UInt32":
        return "intHash64(customer)"
    return "cityHash64(id)" if kinds.get("id") == "String" else "rand()"


def _error(answer: httpx.Response, inserting: bool) -> LinghangError:
    text = answer.text[:2000]
    code = int(answer.headers.get("X-ClickHouse-Exception-Code") or 0)
    if code in _GONE:
        return UnavailableError("engine.shard_gone", reason=text, engine_code=code)
    name = meaning(code, inserting=inserting)
    return (UsageError if name == "engine.bad_statement" else UnavailableError)(name, reason=text, engine_code=code)
