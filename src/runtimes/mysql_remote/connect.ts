/** Opens sessions on a server at an address: encrypted as the address says, and never less. */

import { DatabaseError } from "../../core/error.ts";
import { type Address, type Encryption, Session } from "../mysql_server/session.ts";
import type { MysqlAddress } from "./parse_url.ts";

/** An account in place of that of the address. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Opens a session. Throws DatabaseError when the server does not let it in, or cannot be reached as the address wants. */
export async function connect(address: MysqlAddress, login: Login = address): Promise<Session> {
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
