/** A socket to a Postgres server, encrypted as its address demands and never less. */

import { Buffer } from "node:buffer";
import { connect as connectSocket, isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { DatabaseError } from "../../core/error.ts";
import { NOT_THERE_HINT } from "../address_text.ts";
import { type PostgresAddress, shownAddress } from "./address.ts";

/** A socket and whether TLS protects it. */
export interface OpenSocket {
  readonly socket: Duplex;
  readonly isEncrypted: boolean;
}

/** What a server that cannot be reached is reported with. */
export const CONNECTION_FAILURE = "08006";

/**
 * Opens a socket and, where the mode of TLS has it, encrypts it. A mode that verifies or requires never falls back to plain text.
 * @throws {DatabaseError} when the server cannot be reached or is not what the address demands; the signal's reason when it aborts.
 */
export async function openSocket(
  address: PostgresAddress,
  signal: AbortSignal,
): Promise<OpenSocket> {
  signal.throwIfAborted();
  if (address.connect !== undefined) return { socket: address.connect(), isEncrypted: false };
  const isLocal = address.host.startsWith("/");
  const mode = isLocal ? "disable" : address.tls;
  const socket = connectSocket(
    isLocal
      ? { path: `${address.host}/.s.PGSQL.${address.port}` }
      : { host: address.host, port: address.port },
  );
  const giveUp = () => void socket.destroy();
  const timer = setTimeout(
    () => socket.destroy(new Error("it does not answer")),
    address.connectTimeout ?? CONNECT_TIMEOUT,
  );
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    await event(socket, "connect");
    if (!isLocal) socket.setNoDelay(true);
    if (mode === "disable") return { socket, isEncrypted: false };
    if (!await offersTls(socket)) {
      if (mode === "prefer" || mode === "allow") return { socket, isEncrypted: false };
      throw new DatabaseError(`it does not speak TLS, which sslmode=${mode} demands`, {
        code: CONNECTION_FAILURE,
        hint: "Turn TLS on at the server; sslmode=disable sends everything as plain text",
      });
    }
    return { socket: await encrypt(socket, { ...address, tls: mode }), isEncrypted: true };
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw connectError(address, error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}

/** The error for a server that cannot be spoken to. */
export function connectError(address: PostgresAddress, error: unknown): DatabaseError {
  const reason = error instanceof Error ? reasonOf(error) : String(error);
  return new DatabaseError(
    `Cannot connect to the Postgres server at ${shownAddress(address)}: ${reason}`,
    { code: CONNECTION_FAILURE, cause: error, hint: hintOf(error) },
  );
}

/** What to do about a server that is not there, or a certificate that is not trusted or is none of that host. */
function hintOf(error: unknown): string | undefined {
  if (error instanceof DatabaseError) return error.hint;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return "Name the host as its certificate does; sslmode=verify-ca asks for no name";
  }
  if (["ECONNREFUSED", "ENOENT", "ENOTFOUND", "EAI_AGAIN"].includes(code)) {
    return NOT_THERE_HINT;
  }
  return /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(code)
    ? "sslrootcert=FILE in the address names the certificates that are trusted"
    : undefined;
}

/** Milliseconds until a server that says nothing is given up. */
const CONNECT_TIMEOUT = 10_000;

function reasonOf(error: Error): string {
  switch ("code" in error ? error.code : undefined) {
    case "ECONNREFUSED":
      return "nothing listens there";
    case "ENOENT":
      return "there is no such socket";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "there is no host of that name";
    case "ECONNRESET":
      return "it closed the connection";
    default:
      return error.message || "it closed the connection";
  }
}

/** Asks for TLS. Whatever comes besides the one byte of the answer was put there by somebody else. */
async function offersTls(socket: Socket): Promise<boolean> {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(SSL_REQUEST, 4);
  socket.write(request);
  const answer = await event<Buffer>(socket, "data");
  socket.pause();
  if (answer.length === 1 && answer[0] === 0x53) return true;
  if (answer.length === 1 && answer[0] === 0x4e) {
    socket.resume();
    return false;
  }
  throw new Error("it answers the request for TLS with something else");
}

const SSL_REQUEST = 80877103;

async function encrypt(plain: Socket, address: PostgresAddress): Promise<Socket> {
  const { host, tls, rootCertificates, clientCertificate } = address;
  // As libpq has it: a root certificate that is given is used, whatever the mode.
  const verifies = tls === "verify-full" || tls === "verify-ca" ||
    (tls === "require" && rootCertificates !== undefined);
  const options: ConnectionOptions = {
    socket: plain,
    rejectUnauthorized: verifies,
    ALPNProtocols: ["postgresql"],
    ...(isIP(host) === 0 ? { servername: host } : { host }),
    ...(rootCertificates === undefined ? {} : { ca: rootCertificates }),
    ...(clientCertificate === undefined
      ? {}
      : { cert: clientCertificate.certificate, key: clientCertificate.key }),
    ...(verifies && tls !== "verify-full" ? { checkServerIdentity: () => undefined } : {}),
  };
  const socket = connectTls(options);
  await event(socket, "secureConnect");
  return socket;
}

/** The next event of a name. Rejects when the socket fails or closes before it. */
function event<T>(socket: Socket, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const done = (value: T) => {
      stop();
      resolve(value);
    };
    const fail = (error?: unknown) => {
      stop();
      reject(error instanceof Error ? error : new Error("it closed the connection"));
    };
    const stop = () => {
      socket.off(name, done);
      socket.off("error", fail);
      socket.off("close", fail);
      // What comes later is nobody's.
      socket.on("error", () => {});
    };
    socket.on(name, done);
    socket.on("error", fail);
    socket.on("close", fail);
  });
}
