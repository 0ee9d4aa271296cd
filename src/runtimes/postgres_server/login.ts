/** What a session begins with, and why a server may not let it in. */

import { Buffer } from "node:buffer";
import { DatabaseError } from "../../core/error.ts";
import type { ErrorFields } from "../postgres_wire/messages.ts";
import { type PostgresAddress, shownAddress } from "./address.ts";
import { CONNECTION_FAILURE } from "./open_socket.ts";

const PROTOCOL = 3 << 16;

/** The first message. */
export function startup({ user, database, parameters = {} }: PostgresAddress): Buffer {
  const settings = {
    user,
    database,
    client_encoding: "UTF8",
    application_name: "aim",
    ...parameters,
  };
  const text = Object.entries(settings).map(([name, value]) => `${name}\0${value}\0`).join("");
  const body = Buffer.from(`${text}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(PROTOCOL, 4);
  return Buffer.concat([head, body]);
}

/** The error for a server that says no. */
export function refused(address: PostgresAddress, fields: ErrorFields): DatabaseError {
  return new DatabaseError(
    `Cannot log in to the Postgres server at ${shownAddress(address)}: ${
      fields.M ?? "it refuses the session"
    }`,
    {
      code: fields.C ?? CONNECTION_FAILURE,
      hint: fields.H ?? loginHint(fields),
      detail: fields.D,
    },
  );
}

/** What to do about a login that was refused. */
function loginHint({ C: code, M: message = "" }: ErrorFields): string | undefined {
  switch (code) {
    case "28P01":
      return "Check the user and the password of the address; PGPASSWORD counts where it has none";
    case "28000":
      return /no encryption|SSL off/.test(message)
        ? "The server may want TLS: sslmode=require, or a stronger one"
        : undefined;
    case "3D000":
      return "Check the name of the database in the address, or create it";
    case "53300":
      return "All its sessions are in use: try again later";
    default:
      return undefined;
  }
}
