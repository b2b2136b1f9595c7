"""The tables of the batch queries: their columns, where scripts/fetch-data put them, and how each engine names them."""
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.environ.get("WEIR_ENGINES_HOME") or os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "weir-engines")
DATA = os.path.join(HOME, "data")
# The one option that Flink lacks: its CSV has no header line (Flink is given a copy without it).
CSV_HEADER = "'csv.header' = 'true'"
M = "decimal(15,2)"
TABLES = {
    "flights": "id bigint,ts timestamp(3),delay bigint,distance bigint,origin string,destination string",
    "airports": "iata string,name string,city string,state string,country string,latitude double,longitude double",
    "lineitem": "l_orderkey bigint,l_partkey bigint,l_suppkey bigint,l_linenumber int,l_quantity M,l_extendedprice M,"
                "l_discount M,l_tax M,l_returnflag string,l_linestatus string,l_shipdate date,l_commitdate date,"
                "l_receiptdate date,l_shipinstruct string,l_shipmode string,l_comment string",
    "orders": "o_orderkey bigint,o_custkey bigint,o_orderstatus string,o_totalprice M,o_orderdate date,"
              "o_orderpriority string,o_clerk string,o_shippriority int,o_comment string",
    "customer": "c_custkey bigint,c_name string,c_address string,c_nationkey bigint,c_phone string,c_acctbal M,"
                "c_mktsegment string,c_comment string",
    "part": "p_partkey bigint,p_name string,p_mfgr string,p_brand string,p_type string,p_size int,p_container string,"
            "p_retailprice M,p_comment string",
    "partsupp": "ps_partkey bigint,ps_suppkey bigint,ps_availqty int,ps_supplycost M,ps_comment string",
    "supplier": "s_suppkey bigint,s_name string,s_address string,s_nationkey bigint,s_phone string,s_acctbal M,s_comment string",
    "nation": "n_nationkey bigint,n_name string,n_regionkey bigint,n_comment string",
    "region": "r_regionkey bigint,r_name string,r_comment string",
}


def columns(table):
    """[(name, type)] with the types of Flink SQL."""
    return [tuple(column.rsplit(" ", 1)) for column in re.split(r",(?=[a-z])", TABLES[table])]


def path(table, form):
    folder = "flights" if table in ("flights", "airports") else f"tpch-sf1/{form}"
    return os.path.join(DATA, folder, f"{table}.{form}")


def names():
    """All queries: flights first, then TPC-H."""
    flights = sorted(f[:-4] for f in os.listdir(HERE) if re.fullmatch(r"f\d.*\.sql", f))
    tpch = sorted((f[:-4] for f in os.listdir(os.path.join(HERE, "tpch")) if f.endswith(".sql")), key=lambda q: int(q[1:]))
    return flights + tpch


def query(name):
    """The SELECT of a query, without its comment."""
    folder = HERE if name.startswith("f") else os.path.join(HERE, "tpch")
    with open(os.path.join(folder, name + ".sql"), encoding="utf-8") as f:
        lines = f.read().splitlines()
    return "\n".join(line for line in lines if not line.startswith("--")).strip().rstrip(";")


def used(sql):
    words = set(re.findall(r"[a-z_]+", sql))
    return [table for table in TABLES if table in words]


def expected():
    """query -> (rows, SHA-256 of the canonical form)"""
    with open(os.path.join(HERE, "expected", "HASHES.tsv"), encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f][1:]
    return {row[0]: (int(row[1]), row[2]) for row in rows}


def weir_script(name, form, header=CSV_HEADER):
    """The whole job in Flink SQL: the tables it uses, batch mode, and the query."""
    sql = query(name)
    text = "SET 'execution.runtime-mode' = 'batch';\n\n"
    for table in used(sql):
        declared = ",\n    ".join(f"{column} {kind.upper() if kind != 'M' else M.upper()}" for column, kind in columns(table))
        options = f"    'connector' = 'filesystem',\n    'path' = '{path(table, form)}',\n    'format' = '{form}'"
        if form == "csv" and header:
            options += f",\n    {header}"
        text += f"CREATE TABLE {table} (\n    {declared}\n) WITH (\n{options}\n);\n\n"
    return text + sql + ";\n"
