#!/usr/bin/env python3
"""Run SQL scripts on a real Flink through its SQL Gateway (REST v2) and print what came out.

  flink_oracle.py [opts] a.sql b.sql ...            result = the last SELECT of each script
  flink_oracle.py [opts] a.sql --select "SELECT …"  result = this statement, run after the script
  flink_oracle.py [opts] a.sql --table T            result = the query of the script's INSERT INTO T (run as a SELECT)
  flink_oracle.py [opts] --jsonl < cases.jsonl      one case a line: {"id", "sql"|"file", "select"?, "table"?, "mode"?,
                                                    "settings"? {k: v}, "setup"? "sql run before", "key"? [columns]}
One JSON object a line on stdout (or --pretty):
  {"id","ok","mode","columns":[{"name","type","nullable"}],
   "changelog":[["+I",[…]], …]     raw, in arrival order (+I -U +U -D)
   "rows":[[…], …]                 collapsed: the final multiset, sorted by JSON text
   "upsert_key":[…]                only for upsert streams (+U without -U): the key used, inferred unless given
   "ms": total, "error": {"class","message","chain"[…],"statement_index"}}
Options: --mode streaming|batch  --gateway URL  --timeout S  --jobs N  --set k=v (repeatable)
         --plain (rowFormat PLAIN_TEXT: the client's string rendering)  --no-changelog  --pretty  --explain
         --data DIR (default: the corpus's): ${DATA} in a script is this folder, ${OUT} an empty one of the case's own
A script's own SET 'execution.runtime-mode' wins over --mode. The gateway is the one that flink.sh starts.
Values: rows are JSON as the gateway gives it, except DECIMAL, which becomes a string with its full scale.
Each case gets its own gateway session, parallelism 1, time zone UTC, dml-sync; nothing leaks between cases.
Only the standard library is used.
"""
import argparse, concurrent.futures, decimal, http.client, itertools, json, os, re, shutil, sys, tempfile, threading, time, urllib.parse

KIND = {"INSERT": "+I", "UPDATE_BEFORE": "-U", "UPDATE_AFTER": "+U", "DELETE": "-D"}
BASE = {"parallelism.default": "1", "table.local-time-zone": "UTC", "table.dml-sync": "true",
        "pipeline.auto-watermark-interval": "20ms"}
DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "tests", "corpus", "data")
NAMES = {"INTEGER": "INT", "TIME_WITHOUT_TIME_ZONE": "TIME", "TIMESTAMP_WITHOUT_TIME_ZONE": "TIMESTAMP",
         "TIMESTAMP_WITH_LOCAL_TIME_ZONE": "TIMESTAMP_LTZ"}   # the gateway's names -> SQL's


def split_statements(text):
    """Split a script at ';' outside quotes and comments; BEGIN ... END blocks stay whole."""
    out, cur, i, n = [], [], 0, len(text)
    while i < n:
        c = text[i]
        if text.startswith("--", i):
            j = text.find("\n", i); j = n if j < 0 else j
            i = j; continue
        if text.startswith("/*", i) and not text.startswith("/*+", i):
            j = text.find("*/", i + 2); j = n if j < 0 else j + 2
            cur.append(" "); i = j; continue
        if c in "'`\"":
            j = i + 1
            while j < n:
                if text[j] == c:
                    if j + 1 < n and text[j + 1] == c: j += 2; continue
                    break
                j += 1
            cur.append(text[i:j + 1]); i = j + 1; continue
        if c == ";":
            out.append("".join(cur).strip()); cur = []
        else:
            cur.append(c)
        i += 1
    out.append("".join(cur).strip())
    out = [s for s in out if s]
    merged, i = [], 0
    while i < len(out):                      # EXECUTE STATEMENT SET BEGIN a; b; END
        s = out[i]
        if re.match(r"(?is)execute\s+statement\s+set\s+(as\s+)?begin\b", s) and not re.search(r"(?is)\bend$", s):
            while i + 1 < len(out):
                i += 1; s += ";\n" + out[i]
                if re.match(r"(?is)end$", out[i]): break
        merged.append(s); i += 1
    return merged


CTX = decimal.Context(prec=60)


class RawFloat(str):
    pass


class GatewayError(Exception):
    def __init__(self, errors):
        self.errors = errors
        super().__init__(errors[-1] if errors else "?")


class Gateway:
    def __init__(self, url):
        u = urllib.parse.urlparse(url)
        self.host, self.port, self.local = u.hostname, u.port or 8083, threading.local()

    def call(self, method, path, body=None):
        for attempt in (0, 1):
            c = getattr(self.local, "c", None)
            if c is None:
                c = self.local.c = http.client.HTTPConnection(self.host, self.port, timeout=120)
            try:
                c.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
                r = c.getresponse(); data = r.read()
                break
            except (http.client.HTTPException, OSError):
                self.local.c = None
                if attempt: raise
        d = json.loads(data, parse_float=RawFloat) if data else {}
        if r.status >= 400 or "errors" in d:
            raise GatewayError(d.get("errors", [data.decode(errors="replace")]))
        return d


def fix(v, t, plain):
    """JSON value + logical type -> value; DECIMAL as exact text with its scale (the gateway drops trailing zeros)."""
    if v is None or plain: return v
    n = t.get("type")
    if n == "DECIMAL": return format(decimal.Decimal(str(v)).quantize(decimal.Decimal(1).scaleb(-t.get("scale", 0)), context=CTX), "f")
    if isinstance(v, RawFloat): return float(v)
    if n in ("ARRAY",) and isinstance(v, list): return [fix(x, t.get("elementType", {}), plain) for x in v]
    if n == "MAP" and isinstance(v, dict): return {k: fix(x, t.get("valueType", {}), plain) for k, x in v.items()}
    if n == "ROW" and isinstance(v, dict):
        ft = {f["name"]: f.get("fieldType", f.get("type", {})) for f in t.get("fields", [])}
        return {k: fix(x, ft.get(k, {}), plain) for k, x in v.items()}
    return v


def run_stmt(gw, session, sql, deadline, plain=False, want=True):
    """Returns (columns, [(kind, fields)], isQuery)."""
    op = gw.call("POST", f"/v2/sessions/{session}/statements", {"statement": sql})["operationHandle"]
    fmt = "PLAIN_TEXT" if plain else "JSON"
    uri = f"/v2/sessions/{session}/operations/{op}/result/0?rowFormat={fmt}"
    cols, rows, pause, query = None, [], 0.004, False
    try:
        while uri:
            d = gw.call("GET", uri)
            if d.get("resultType") == "NOT_READY":
                if time.time() > deadline: raise TimeoutError("timed out")
                time.sleep(pause); pause = min(pause * 1.5, 0.05); continue
            query = d.get("isQueryResult", query)
            res = d.get("results") or {}
            if cols is None and res.get("columns"):
                cols = [{"name": c["name"], "type": c["logicalType"].get("type"), "nullable": c["logicalType"].get("nullable"),
                         "logical": c["logicalType"]} for c in res["columns"]]
            got = res.get("data") or []
            for r in got: rows.append((KIND.get(r.get("kind", "INSERT"), "?"), r["fields"]))
            if d.get("resultType") == "EOS": break
            nxt = d.get("nextResultUri")
            uri = nxt
            if not got:
                if time.time() > deadline: raise TimeoutError("timed out")
                time.sleep(pause); pause = min(pause * 1.5, 0.05)
            else:
                pause = 0.004
    except TimeoutError:
        try: gw.call("POST", f"/v2/sessions/{session}/operations/{op}/cancel")
        except Exception: pass
        raise TimeoutError(json.dumps({"partial": len(rows)}))
    finally:
        try: gw.call("DELETE", f"/v2/sessions/{session}/operations/{op}/close")
        except Exception: pass
    dec = [c["logical"] for c in cols or []]
    rows = [(k, [fix(v, d, plain) for v, d in zip(f, dec)]) for k, f in rows]
    for c in cols or []:
        lt = c.pop("logical")
        c["type"] = type_text(lt)
    return cols, rows, query


def type_text(t):
    n = NAMES.get(t.get("type"), t.get("type", "?"))
    if n in ("DECIMAL",): return f"DECIMAL({t.get('precision')}, {t.get('scale')})"
    if n in ("CHAR", "VARCHAR", "BINARY", "VARBINARY"):
        endless = {"VARCHAR": "STRING", "VARBINARY": "BYTES"} if t.get("length") == 2147483647 else {}
        return endless.get(n, f"{n}({t.get('length')})")
    if n.startswith("TIME"): return n + (f"({t['precision']})" if "precision" in t else "")
    if n in ("ARRAY", "MULTISET"): return f"{n}<{type_text(t.get('elementType', {}))}>"
    if n == "MAP": return f"MAP<{type_text(t.get('keyType', {}))}, {type_text(t.get('valueType', {}))}>"
    if n == "ROW": return "ROW<" + ", ".join(f"{f['name']} {type_text(f.get('fieldType', f.get('type', {})))}" for f in t.get("fields", [])) + ">"
    return n


def collapse(changelog):
    """Retract changelog -> final multiset, sorted."""
    n, val = {}, {}
    for k, f in changelog:
        t = json.dumps(f, ensure_ascii=False, sort_keys=True); val[t] = f
        n[t] = n.get(t, 0) + (1 if k in ("+I", "+U") else -1)
    out = []
    for t in sorted(n):
        if n[t] < 0: out.extend([{"negative": n[t], "row": val[t]}])
        out.extend([val[t]] * max(0, n[t]))
    return out


def collapse_upsert(changelog, key):
    """Upsert changelog (no -U) -> final rows, or None when `key` (column indexes) does not fit the stream."""
    state = {}
    for k, f in changelog:
        t = json.dumps([f[i] for i in key], ensure_ascii=False, sort_keys=True)
        if k == "-U": continue
        if k == "-D":
            if t not in state: return None
            del state[t]
        else:
            if (k == "+I") == (t in state): return None
            state[t] = f
    return sorted(state.values(), key=lambda f: json.dumps(f, ensure_ascii=False, sort_keys=True))


def final_rows(changelog, columns, key):
    """Returns (rows, extra): Flink sends a SELECT as an upsert stream (+U without -U) when it knows a unique key."""
    ups = sum(k == "+U" for k, _ in changelog); befores = sum(k == "-U" for k, _ in changelog)
    if ups == befores and not key: return collapse(changelog), {}
    names = [c["name"] for c in columns]
    if key: return collapse_upsert(changelog, [names.index(c) for c in key]), {"upsert_key": key}
    for size in (1, 2, 3):
        for combo in itertools.combinations(range(len(names)), size):
            r = collapse_upsert(changelog, combo)
            if r is not None: return r, {"upsert_key": [names[i] for i in combo], "upsert_key_inferred": True}
    return collapse(changelog), {"upsert_key": None, "note": "upsert stream, no key found; give \"key\""}


def first_error(e):
    txt = "\n".join(e.errors)
    chain = re.findall(r"(?m)^(?:Caused by: )?((?:[a-z][\w]*\.)+[A-Z][\w$]*(?:Exception|Error|Failure)?): ?(.*)$", txt)
    chain = [list(c) for c in chain]
    root = chain[-1] if chain else ["?", txt.strip().split("\n")[0]]
    return {"class": root[0], "message": root[1], "chain": chain}


def run_case(gw, case, a):
    t0 = time.time(); deadline = t0 + a.timeout
    mode = case.get("mode") or a.mode
    out = {"id": case.get("id"), "ok": False, "mode": mode}
    props = dict(BASE, **{"execution.runtime-mode": mode}); props.update(dict(s.split("=", 1) for s in a.set or []))
    props.update({k: str(v) for k, v in (case.get("settings") or {}).items()})
    session, idx, scratch = None, -1, None
    try:
        text = case.get("sql")
        if text is None: text = open(case["file"], encoding="utf-8").read()
        if "${DATA}" in text and not os.path.isdir(a.data): raise ValueError(f"no data folder {a.data}; give --data")
        if "${OUT}" in text: scratch = tempfile.mkdtemp(prefix="oracle.")
        text = text.replace("${DATA}", os.path.abspath(a.data)).replace("${OUT}", scratch or "")
        stmts = split_statements((case.get("setup") or "") + "\n;" + text)
        own = re.findall(r"(?i)\bset\s+'execution\.runtime-mode'\s*=\s*'(\w+)'", text)
        if own: out["mode"] = own[-1].lower()
        sel, table = case.get("select") or a.select, case.get("table") or a.table
        if table:
            hit = None
            for i, s in enumerate(stmts):
                m = re.match(r"(?is)insert\s+(?:into|overwrite)\s+(?:table\s+)?([`\w.]+)\s*(\([^()]*\)\s*)?(?=select|with|\(|values|table)", s)
                if m and m.group(1).replace("`", "").split(".")[-1] == table: hit = (i, s[m.end():])
            if hit is None: raise ValueError(f"no INSERT INTO {table} in the script")
            stmts, sel = stmts[:hit[0]], hit[1]
        session = gw.call("POST", "/v2/sessions", {"properties": props})["sessionHandle"]
        queue = stmts + ([sel] if sel else [])
        last = max((i for i, s in enumerate(queue) if re.match(r"(?is)[\s(]*(select|with|values|table|show|desc|describe|explain)\b", s)), default=len(queue) - 1)
        cols, rows = None, []
        for idx, s in enumerate(queue):
            if a.explain and idx == last: s = "EXPLAIN CHANGELOG_MODE " + s
            c, r, _ = run_stmt(gw, session, s, deadline, a.plain)
            if idx == last: cols, rows = c, r
        out["ok"] = True
        out["columns"] = cols
        if not a.no_changelog: out["changelog"] = [[k, f] for k, f in rows]
        out["rows"], extra = final_rows(rows, cols or [], case.get("key"))
        out.update(extra)
    except GatewayError as e:
        out["error"] = dict(first_error(e), statement_index=idx)
        if a.trace: out["error"]["trace"] = e.errors
    except Exception as e:
        out["error"] = {"class": type(e).__name__, "message": str(e), "chain": [], "statement_index": idx}
    finally:
        if session:
            try: gw.call("DELETE", f"/v2/sessions/{session}")
            except Exception: pass
        if scratch: shutil.rmtree(scratch, ignore_errors=True)
    out["ms"] = round((time.time() - t0) * 1000)
    return out


def main():
    p = argparse.ArgumentParser(description="oracle: run scripts on real Flink", formatter_class=argparse.RawDescriptionHelpFormatter, epilog=__doc__)
    p.add_argument("files", nargs="*"); p.add_argument("--jsonl", action="store_true")
    p.add_argument("--mode", default="streaming", choices=["streaming", "batch"])
    p.add_argument("--gateway", default=os.environ.get("WEIR_FLINK_GATEWAY", "http://127.0.0.1:8083"))
    p.add_argument("--data", default=DATA)
    p.add_argument("--timeout", type=float, default=60); p.add_argument("--jobs", type=int, default=1)
    p.add_argument("--set", action="append"); p.add_argument("--select"); p.add_argument("--table")
    for f in ("plain", "no-changelog", "pretty", "explain", "trace"): p.add_argument("--" + f, action="store_true")
    a = p.parse_args()
    gw = Gateway(a.gateway)
    cases = ({"id": f, "file": f} for f in a.files) if a.files else None
    if a.jsonl: cases = (json.loads(l) for l in sys.stdin if l.strip())
    if cases is None: p.error("give scripts or --jsonl")
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as ex:
        for r in ex.map(lambda c: run_case(gw, c, a), list(cases)):
            bad += not r["ok"]
            if a.pretty:
                print(f"== {r['id']} ok={r['ok']} {r['ms']} ms")
                if r["ok"]:
                    print("   ", ", ".join(f"{c['name']} {c['type']}" for c in r["columns"] or []))
                    for k, f in r.get("changelog", []): print("   ", k, json.dumps(f, ensure_ascii=False))
                    print("    final:", json.dumps(r["rows"], ensure_ascii=False))
                else:
                    print("   ", r["error"]["class"], r["error"]["message"])
            else:
                print(json.dumps(r, ensure_ascii=False), flush=True)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
