/** Opens sessions on a server at an address: encrypted as the address says, and never less. */

import { DatabaseError } from "../../core/error.ts";
import { NOT_THERE_HINT } from "../address_text.ts";
import { type Address, type Encryption, Session } from "../mysql_server/session.ts";
import { type MysqlAddress, shownAddress } from "./parse_url.ts";

/** An account in place of that of the address. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Opens a session. Throws DatabaseError when the server does not let it in, or cannot be reached as the address wants. */
export async function connect(address: MysqlAddress, login: Login = address): Promise<Session> {
  try {
    return await opened(address, login);
  } catch (error) {
    throw error instanceof DatabaseError ? notReached(address, error) : error;
  }
}

async function opened(address: MysqlAddress, login: Login): Promise<Session> {
  const { tls } = address;
  const { user, password } = login;
  const plain: Address = { ...placeOf(address), user, password };
  const ssl = encryptionOf(address);
  if (ssl === null) return await Session.open(plain);
  try {
    return await Session.open({ ...plain, ssl });
  } catch (error) {
    const hasNone = error instanceof DatabaseError && error.code === "HANDSHAKE_NO_SSL_SUPPORT";
    if (!hasNone || tls !== "PREFERRED") throw error;
    return await Session.open(plain);
  }
}

function placeOf({ dial, connectTimeout, socket, host, port }: MysqlAddress) {
  const patience = connectTimeout === undefined ? {} : { connectTimeout };
  if (dial !== undefined) return { stream: dial, ...patience };
  return { ...socket === null ? { host, port } : { socketPath: socket }, ...patience };
}

/** Null for a connection that is not to be encrypted; a socket leaves the machine in no case, and is not unless that is asked for. */
function encryptionOf({ tls, socket, certificates }: MysqlAddress): Encryption | null {
  if (tls === "DISABLED" || tls === "PREFERRED" && socket !== null) return null;
  return {
    rejectUnauthorized: tls === "VERIFY_CA" || tls === "VERIFY_IDENTITY",
    verifyIdentity: tls === "VERIFY_IDENTITY",
    ...certificates,
  };
}

/** The error in words that say which server it was, and what to do. */
function notReached(address: MysqlAddress, error: DatabaseError): DatabaseError {
  const { code = "", message } = error;
  // The driver gives some errors of sockets as texts alone.
  const word = /\bE[A-Z_]{4,}\b/.exec(message)?.[0] ?? "";
  const [reason, hint = error.hint] = SAID[code] ?? SAID[word] ?? [message];
  const isLogin = /^\d+$/.test(code);
  return new DatabaseError(
    `Cannot ${isLogin ? "log in" : "connect"} to the server at ${shownAddress(address)}: ${reason}`,
    { code, hint: hint ?? HINTS[code], cause: error },
  );
}

/** What stands behind the codes of sockets and of the driver. */
const SAID: Readonly<Record<string, readonly [reason: string, hint?: string] | undefined>> = {
  ECONNREFUSED: ["nothing listens there", NOT_THERE_HINT],
  ENOENT: ["there is no such socket", NOT_THERE_HINT],
  ENOTFOUND: ["there is no host of that name", NOT_THERE_HINT],
  EAI_AGAIN: ["there is no host of that name", NOT_THERE_HINT],
  ECONNRESET: ["it closed the connection"],
  ETIMEDOUT: ["it does not answer"],
  HANDSHAKE_NO_SSL_SUPPORT: ["it does not speak TLS, which the address demands"],
};

/** What to do about a refusal, by the server's numbers. */
const HINTS: Readonly<Record<string, string | undefined>> = {
  "1040": "All its sessions are in use: try again later",
  "1045": "Check the user and the password of the address",
};
