/** Turns the server's text format into values. */

import type { Json } from "../../core/snapshot.ts";
import type { ResultSet } from "./messages.ts";

/** Element type by array type, as OIDs, for types that are not built in; 0 for a type that is no array. */
export type ArrayTypes = ReadonlyMap<number, number>;

/** The rows of a result, keyed by column name. */
export function toRows(result: ResultSet, arrays: ArrayTypes): Record<string, Json>[] {
  const columns = result.columns.map(({ name, type }) => ({ name, parse: parser(type, arrays) }));
  // Many keys added one by one would make a hash table of every row; what comes out of JSON has a shape, which copies share.
  const blank: Readonly<Record<string, Json>> = JSON.parse(
    JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, null]))),
  );
  return result.rows.map((values) => {
    const row = { ...blank };
    columns.forEach(({ name, parse }, at) => {
      const text = values[at] ?? null;
      if (text !== null) row[name] = parse(text);
    });
    return row;
  });
}

/** True when the type may be an array that `parseValue` does not know. */
export function isUnknownType(type: number, arrays: ArrayTypes): boolean {
  return type >= FIRST_USER_OID && !arrays.has(type);
}

/** Reads the values of a column. Numbers that JSON cannot hold exactly, dates and everything unknown stay text. */
function parser(type: number, arrays: ArrayTypes): (text: string) => Json {
  const element = BUILT_IN_ARRAYS.get(type) ?? arrays.get(type) ?? 0;
  if (element === 0) return (text) => parseScalar(text, type);
  const delimiter = type === BOX_ARRAY ? ";" : ",";
  return (text) => parseArray(text, delimiter, (item) => parseScalar(item, element));
}

const FIRST_USER_OID = 16384;
const BOX_ARRAY = 1020;

/** Built-in array types and their elements: OIDs of pg_type.dat, fixed for all versions. */
const BUILT_IN_ARRAYS: ReadonlyMap<number, number> = new Map([
  [143, 142], // xml
  [199, 114], // json
  [271, 5069], // xid8
  [629, 628], // line
  [651, 650], // cidr
  [719, 718], // circle
  [775, 774], // macaddr8
  [791, 790], // money
  [1000, 16], // bool
  [1001, 17], // bytea
  [1002, 18], // "char"
  [1003, 19], // name
  [1005, 21], // int2
  [1006, 22], // int2vector
  [1007, 23], // int4
  [1008, 24], // regproc
  [1009, 25], // text
  [1010, 27], // tid
  [1011, 28], // xid
  [1012, 29], // cid
  [1013, 30], // oidvector
  [1014, 1042], // bpchar
  [1015, 1043], // varchar
  [1016, 20], // int8
  [1017, 600], // point
  [1018, 601], // lseg
  [1019, 602], // path
  [BOX_ARRAY, 603],
  [1021, 700], // float4
  [1022, 701], // float8
  [1027, 604], // polygon
  [1028, 26], // oid
  [1034, 1033], // aclitem
  [1040, 829], // macaddr
  [1041, 869], // inet
  [1115, 1114], // timestamp
  [1182, 1082], // date
  [1183, 1083], // time
  [1185, 1184], // timestamptz
  [1187, 1186], // interval
  [1231, 1700], // numeric
  [1263, 2275], // cstring
  [1270, 1266], // timetz
  [1561, 1560], // bit
  [1563, 1562], // varbit
  [2201, 1790], // refcursor
  [2207, 2202], // regprocedure
  [2208, 2203], // regoper
  [2209, 2204], // regoperator
  [2210, 2205], // regclass
  [2211, 2206], // regtype
  [2287, 2249], // record
  [2949, 2970], // txid_snapshot
  [2951, 2950], // uuid
  [3221, 3220], // pg_lsn
  [3643, 3614], // tsvector
  [3644, 3642], // gtsvector
  [3645, 3615], // tsquery
  [3735, 3734], // regconfig
  [3770, 3769], // regdictionary
  [3807, 3802], // jsonb
  [3905, 3904], // int4range
  [3907, 3906], // numrange
  [3909, 3908], // tsrange
  [3911, 3910], // tstzrange
  [3913, 3912], // daterange
  [3927, 3926], // int8range
  [4073, 4072], // jsonpath
  [4090, 4089], // regnamespace
  [4097, 4096], // regrole
  [4192, 4191], // regcollation
  [5039, 5038], // pg_snapshot
  [6150, 4451], // int4multirange
  [6151, 4532], // nummultirange
  [6152, 4533], // tsmultirange
  [6153, 4534], // tstzmultirange
  [6155, 4535], // datemultirange
  [6157, 4536], // int8multirange
]);

function parseScalar(text: string, type: number): Json {
  switch (type) {
    case 16: // bool
      return text === "t";
    case 20: { // int8
      const value = Number(text);
      return Number.isSafeInteger(value) ? value : text;
    }
    case 21: // int2
    case 23: // int4
    case 26: // oid
    case 28: // xid
    case 29: // cid
      return Number(text);
    case 700: // float4
    case 701: { // float8
      const value = Number(text);
      return Number.isFinite(value) ? value : text;
    }
    case 22: // int2vector
    case 30: // oidvector
      return text === "" ? [] : text.split(" ").map(Number);
    case 114: // json
    case 3802: // jsonb
      return JSON.parse(text);
    default:
      return text;
  }
}

/** Reads `{a,"b c",NULL,{d}}`; bounds before the brace (`[0:1]=`) are passed over. */
function parseArray(text: string, delimiter: string, item: (text: string) => Json): Json[] {
  let at = text.indexOf("{");
  const list = (): Json[] => {
    const values: Json[] = [];
    at++;
    while (at < text.length && text[at] !== "}") {
      if (text[at] === "{") {
        values.push(list());
      } else if (text[at] === '"') {
        values.push(item(quoted()));
      } else {
        const start = at;
        while (at < text.length && text[at] !== delimiter && text[at] !== "}") at++;
        const word = text.slice(start, at);
        values.push(word === "NULL" ? null : item(word));
      }
      if (text[at] === delimiter) at++;
    }
    at++;
    return values;
  };
  const quoted = (): string => {
    let value = "";
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      value += text[at];
    }
    at++;
    return value;
  };
  return list();
}
