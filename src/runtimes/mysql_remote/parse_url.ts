/** Reads the address of a MySQL or MariaDB server: `mysql://user:password@host:3306/?ssl-mode=VERIFY_IDENTITY`. */

import { cut, decoded } from "../address_text.ts";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { UsageError } from "../../core/error.ts";

/** How much the connection must be protected, as the client's `--ssl-mode` has it. */
export type TlsMode = "DISABLED" | "PREFERRED" | "REQUIRED" | "VERIFY_CA" | "VERIFY_IDENTITY";

/** A server and an account on it. */
export interface MysqlAddress {
  readonly host: string;
  readonly port: number;
  /** Path of a unix socket, which is taken in place of host and port; null for none. */
  readonly socket: string | null;
  readonly user: string;
  readonly password: string;
  readonly tls: TlsMode;
  /** Opens the connection itself, where no host and no socket leads to the server. */
  readonly dial?: () => Duplex;
  /** Milliseconds until a connection is given up; the client's own where absent. */
  readonly connectTimeout?: number;
  /** PEM texts; what is absent is the system's, or not sent. */
  readonly certificates: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** Throws UsageError, which never quotes the address: there may be a password in it. */
export function parseMysqlUrl(url: string): MysqlAddress {
  const parts = /^(?:mysql|mariadb):\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i
    .exec(url);
  if (parts === null) throw wrong("it does not look like mysql://user@host:3306/");
  const [, login = "", authority = "", , query = ""] = parts;
  const given = parametersOf(query);
  const { host, port } = hostOf(authority);
  const [user, password] = cut(login, ":");
  if (user === "") throw wrong("it names no user");
  const socket = given.get("socket") ?? null;
  if (socket !== null && !socket.startsWith("/")) throw wrong("its socket is no absolute path");
  const protection = tlsOf(given);
  // The driver compares no address with what a certificate names.
  if (protection.tls === "VERIFY_IDENTITY" && (isIP(host) !== 0 || socket !== null)) {
    throw wrong("VERIFY_IDENTITY needs the name of a host, not its number or a socket");
  }
  return {
    host: host === "" ? "localhost" : host,
    port: portOf(port),
    socket,
    user: decode(user),
    password: decode(password ?? ""),
    ...protection,
  };
}

/** The server as messages show it: never with its password. */
export function shownAddress({ host, port, socket }: MysqlAddress): string {
  return socket ?? (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`);
}

function wrong(reason: string): UsageError {
  return new UsageError(`Cannot use the address of the server: ${reason}`, {
    code: "dev-url",
    hint:
      "Write mysql://user@host:3306/?ssl-mode=VERIFY_IDENTITY, the password after the user and a colon",
  });
}

function decode(text: string): string {
  return decoded(text, wrong);
}

function hostOf(authority: string): { readonly host: string; readonly port: string } {
  const [, v6, after] = /^\[([^\]]*)\](?::(\d*))?$/.exec(authority) ?? [];
  if (v6 !== undefined) return { host: v6, port: after ?? "" };
  const [host, port] = cut(authority, ":");
  if (host.includes(",") || port?.includes(",")) throw wrong("it names several hosts");
  return { host: decode(host), port: port ?? "" };
}

function portOf(text: string): number {
  const port = text === "" ? 3306 : Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw wrong("its port is no number between 1 and 65535");
}

function parametersOf(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of query.split("&").filter((text) => text !== "")) {
    const [written, value] = cut(part, "=");
    const name = decode(written).toLowerCase().replaceAll("_", "-");
    const known = KNOWN[name];
    if (known === undefined) {
      // Another driver's word for more protection than this one would give.
      if (/ssl|tls|cert|verif|security|trust/.test(name)) {
        throw wrong(`aim does not know its parameter ${shownName(name)}`);
      }
      continue;
    }
    if (parameters.has(known)) throw wrong(`its ${known} is given twice`);
    parameters.set(known, decode(value ?? ""));
  }
  return parameters;
}

/** A name as a message may have it. */
function shownName(name: string): string {
  return /^[a-z-]{1,40}$/.test(name) ? name : "for TLS";
}

const KNOWN: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  "ssl-mode": "ssl-mode",
  "sslmode": "ssl-mode",
  "tls": "ssl-mode",
  "sslaccept": "ssl-mode",
  "ssl-ca": "ssl-ca",
  "ssl-cert": "ssl-cert",
  "ssl-key": "ssl-key",
  "socket": "socket",
});

/** The words of the client, and those of other drivers that mean the same. */
const MODES: Readonly<Record<string, TlsMode | undefined>> = Object.assign(Object.create(null), {
  "DISABLED": "DISABLED",
  "DISABLE": "DISABLED",
  "FALSE": "DISABLED",
  "PREFERRED": "PREFERRED",
  "PREFER": "PREFERRED",
  "REQUIRED": "REQUIRED",
  "REQUIRE": "REQUIRED",
  "SKIP-VERIFY": "REQUIRED",
  "ACCEPT-INVALID-CERTS": "REQUIRED",
  "VERIFY-CA": "VERIFY_CA",
  "VERIFY-IDENTITY": "VERIFY_IDENTITY",
  "VERIFY-FULL": "VERIFY_IDENTITY",
  "TRUE": "VERIFY_IDENTITY",
  "STRICT": "VERIFY_IDENTITY",
});

function tlsOf(given: ReadonlyMap<string, string>): Pick<MysqlAddress, "tls" | "certificates"> {
  const ca = given.get("ssl-ca");
  const written = given.get("ssl-mode");
  // As the client has it: whoever names an authority wants it asked.
  const usual = ca === undefined ? "PREFERRED" : "VERIFY_CA";
  const tls = written === undefined ? usual : MODES[written.toUpperCase().replaceAll("_", "-")];
  if (tls === undefined) {
    throw wrong(
      "its ssl-mode is none of DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY",
    );
  }
  const [cert, key] = [given.get("ssl-cert"), given.get("ssl-key")];
  if ((cert === undefined) !== (key === undefined)) {
    throw wrong("it has one of ssl-cert and ssl-key without the other");
  }
  return {
    tls,
    certificates: {
      ...ca === undefined ? {} : { ca: file(ca) },
      ...cert === undefined || key === undefined ? {} : { cert: file(cert), key: file(key) },
    },
  };
}

function file(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw wrong(`the certificate ${path} cannot be read`);
  }
}
