/** Where a Postgres server is and how it is spoken to. */

import type { Duplex } from "node:stream";

/** How much the connection must be protected, as libpq's `sslmode` has it. */
export type TlsMode =
  | "disable"
  | "allow"
  | "prefer"
  | "require"
  | "verify-ca"
  | "verify-full";

/** One server, one role on it and one database. */
export interface PostgresAddress {
  /** A name, an IP address, or the folder of a unix socket, which begins with `/`. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | null;
  readonly database: string;
  readonly tls: TlsMode;
  /** PEM text of the certificates that are trusted; those of the system when absent. */
  readonly rootCertificates?: string;
  /** PEM texts of the client's own certificate and key. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string };
  /** Settings that each session starts with: `options`, `search_path`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Milliseconds until a connection is given up. */
  readonly connectTimeout?: number;
  /** Another way to the server than by its host and port, which are then only shown; never encrypted. */
  readonly connect?: () => Duplex;
}

/** The server as messages show it: never with its password. */
export function shownAddress({ host, port }: PostgresAddress): string {
  if (host.startsWith("/")) return `${host}/.s.PGSQL.${port}`;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
