/** Addresses of databases on MySQL and MariaDB servers, in the forms that drivers and tools have for them. */

import { UsageError } from "../../core/error.ts";
import { cut, decoded } from "../../runtimes/address_text.ts";
import {
  type MysqlAddress,
  parseMysqlUrl,
  shownAddress,
} from "../../runtimes/mysql_remote/parse_url.ts";

/** A server, an account and a database. */
export interface LiveAddress {
  readonly address: MysqlAddress;
  readonly database: string;
  /** Without user and password. */
  readonly shown: string;
}

/** True for what may be one. */
export function isMysqlUrl(url: string): boolean {
  return /^(?:jdbc:)?(?:mysql|mariadb)(?:\+\w+)?:/i.test(url) || GO.test(url);
}

/** Reads one. Throws UsageError, which never quotes it. */
export function readAddress(url: string): LiveAddress {
  const plain = plainUrl(url);
  const [, path = ""] = /^[^:]+:\/\/[^/?#]*\/([^?#]*)/.exec(plain) ?? [];
  const database = decoded(path, wrong);
  if (database === "") throw wrong("it names no database");
  const address = parse(plain);
  return { address, database, shown: `mysql://${shownAddress(address)}/${database}` };
}

/** `user:password@tcp(host:port)/database`, as the driver of Go has it, with or without a scheme. */
const GO =
  /^(?:mysql:\/\/)?([^/@]*(?:@(?=[^/]*@)[^/@]*)*)@(tcp|tcp6|unix)?\(([^)]*)\)\/([^?]*)(?:\?(.*))?$/i;

/** As a URL with a scheme, an account and an authority. */
function plainUrl(url: string): string {
  const go = GO.exec(url);
  if (go !== null) return goUrl(go);
  const bare = url.replace(/^jdbc:/i, "").replace(/^(mysql|mariadb)\+\w+:/i, "$1:");
  if (!/^jdbc:/i.test(url)) return bare;
  // JDBC has the account among the parameters.
  const [head, query] = cut(bare, "?");
  const given = (query ?? "").split("&").filter((part) => part !== "");
  const valueOf = (name: string) =>
    given.find((part) => part.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const user = valueOf("user");
  const rest = given.filter((part) => !/^(?:user|password)=/i.test(part)).join("&");
  const login = user === undefined ? "" : `${user}:${valueOf("password") ?? ""}@`;
  const place = head.replace(
    /^([^:]+:\/\/)(?:[^/@]*@)?/,
    (whole, scheme: string) => login === "" ? whole : `${scheme}${login}`,
  );
  return rest === "" ? place : `${place}?${rest}`;
}

function goUrl([, login = "", net = "tcp", place = "", path = "", query = ""]: RegExpExecArray) {
  const [user, password] = cut(login, ":");
  const account = `${encodeURIComponent(user)}:${encodeURIComponent(password ?? "")}`;
  const isSocket = net.toLowerCase() === "unix";
  const parameters = [
    ...query.split("&").filter((part) => part !== ""),
    ...isSocket ? [`socket=${encodeURIComponent(place)}`] : [],
  ].join("&");
  return `mysql://${account}@${isSocket ? "localhost" : place}/${path}${
    parameters === "" ? "" : `?${parameters}`
  }`;
}

function parse(url: string): MysqlAddress {
  try {
    return parseMysqlUrl(url);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw wrong(error.message.replace(/^[^:]*: /, ""));
  }
}

function wrong(reason: string): UsageError {
  return new UsageError(`Cannot use the address of the database: ${reason}`, {
    code: "live-url",
    hint:
      "Write mysql://user@host:3306/database?ssl-mode=VERIFY_IDENTITY, the password after the user and a colon",
  });
}
