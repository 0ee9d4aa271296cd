/** Reads the address of a Postgres server as libpq writes it: `postgres://user:password@host:5432/database?sslmode=require`. */

import { cut, decoded } from "../address_text.ts";
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { UsageError } from "../../core/error.ts";
import type { PostgresAddress, TlsMode } from "./address.ts";

/** Variables that fill in what an address leaves out: those of libpq. */
export type AddressVariables = Readonly<Record<string, string | undefined>>;

/** Throws UsageError, which never quotes the address: there may be a password in it. */
export function parsePostgresUrl(url: string, variables: AddressVariables = {}): PostgresAddress {
  const parts =
    /^(?:postgres|postgresql):\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i
      .exec(url);
  if (parts === null) throw wrong("it does not look like postgres://user@host/database");
  const [, login = "", authority = "", path = "", query = ""] = parts;
  const [user, password] = cut(login, ":");
  const given = parametersOf(query);
  const own = (name: string, variable: string) => given.get(name) ?? variables[variable];
  const { host, port } = hostOf(authority);
  const name = user === "" ? own("user", "PGUSER") ?? systemUser() : decode(user);
  const database = path === "" ? own("dbname", "PGDATABASE") ?? name : decode(path);
  const where = host || own("host", "PGHOST") || "localhost";
  if (where.includes(",")) throw wrong("it names several hosts");
  const secret = password === null ? own("password", "PGPASSWORD") ?? null : decode(password);
  return {
    host: where,
    port: portOf(port || own("port", "PGPORT") || "5432"),
    user: name,
    password: secret,
    database,
    ...tlsOf(given, variables),
    parameters: sessionParameters(given),
    ...timeoutOf(own("connect_timeout", "PGCONNECT_TIMEOUT")),
  };
}

function wrong(reason: string): UsageError {
  return new UsageError(`Cannot use the address of the server: ${reason}`, {
    code: "dev-url",
    hint:
      "Write postgres://user@host:5432/database?sslmode=verify-full, the password after the user and a colon",
  });
}

function decode(text: string): string {
  return decoded(text, wrong);
}

function parametersOf(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of query.split("&").filter((text) => text !== "")) {
    const [name, value] = cut(part, "=");
    parameters.set(decode(name), decode(value ?? ""));
  }
  return parameters;
}

/** `host:port`, `[::1]:port`, `%2Frun%2Fpostgresql`. */
function hostOf(authority: string): { readonly host: string; readonly port: string } {
  const [, v6, after] = /^\[([^\]]*)\](?::(\d*))?$/.exec(authority) ?? [];
  if (v6 !== undefined) return { host: v6, port: after ?? "" };
  const [host, port] = cut(authority, ":");
  return { host: decode(host), port: port ?? "" };
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw wrong("its port is no number between 1 and 65535");
}

function systemUser(): string {
  return userInfo().username;
}

const TLS_MODES: readonly TlsMode[] = [
  "disable",
  "allow",
  "prefer",
  "require",
  "verify-ca",
  "verify-full",
];

function tlsOf(given: ReadonlyMap<string, string>, variables: AddressVariables) {
  const text = given.get("sslmode") ?? variables.PGSSLMODE ?? "prefer";
  const tls = TLS_MODES.find((mode) => mode === text);
  if (tls === undefined) throw wrong(`its sslmode is none of ${TLS_MODES.join(", ")}`);
  const root = given.get("sslrootcert") ?? variables.PGSSLROOTCERT;
  const certificate = given.get("sslcert") ?? variables.PGSSLCERT;
  const key = given.get("sslkey") ?? variables.PGSSLKEY;
  return {
    tls,
    ...(root === undefined || root === "system" ? {} : { rootCertificates: file(root) }),
    ...(certificate === undefined || key === undefined
      ? {}
      : { clientCertificate: { certificate: file(certificate), key: file(key) } }),
  };
}

function file(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw wrong(`the certificate ${path} cannot be read`);
  }
}

/** What the server gets with the session. Names that only other drivers know are passed over. */
function sessionParameters(given: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...given].filter(([name]) => name === "options"));
}

function timeoutOf(text: string | undefined): { readonly connectTimeout?: number } {
  const seconds = Number(text ?? "");
  return seconds > 0 ? { connectTimeout: seconds * 1000 } : {};
}
