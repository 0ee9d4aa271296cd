/** Answers what a Postgres server asks before it lets a session in. */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { DatabaseError } from "../../core/error.ts";
import { frontendMessage } from "../postgres_wire/messages.ts";
import type { PostgresAddress } from "./address.ts";
import { Scram } from "./scram.ts";

/** See the module's comment. One login. */
export class Authentication {
  readonly #address: PostgresAddress;
  #scram: Scram | null = null;

  constructor(address: PostgresAddress) {
    this.#address = address;
  }

  /** The message that answers an `AuthenticationRequest`, or null where none is due. Throws an Error for what cannot be answered. */
  async answer(request: Buffer): Promise<Uint8Array | null> {
    const kind = request.readInt32BE(5);
    const rest = request.subarray(9);
    switch (kind) {
      case 0: // AuthenticationOk
        if (this.#scram?.isDone === false) {
          throw new Error("it lets in without having shown that it knows the password");
        }
        return null;
      case 3: // AuthenticationCleartextPassword
        return frontendMessage("p", Buffer.from(`${this.#password()}\0`));
      case 5: { // AuthenticationMD5Password
        const inner = md5(Buffer.from(this.#password() + this.#address.user));
        const digest = md5(Buffer.concat([Buffer.from(inner), rest.subarray(0, 4)]));
        return frontendMessage("p", Buffer.from(`md5${digest}\0`));
      }
      case 10: { // AuthenticationSASL
        const mechanisms = rest.toString().split("\0");
        if (!mechanisms.includes(MECHANISM)) {
          throw new Error(`it asks for a login by ${mechanisms.filter(Boolean).join(", ")}`);
        }
        this.#scram = new Scram(this.#password());
        const first = Buffer.from(this.#scram.first());
        const length = Buffer.alloc(4);
        length.writeInt32BE(first.length);
        return frontendMessage("p", Buffer.concat([Buffer.from(`${MECHANISM}\0`), length, first]));
      }
      case 11: // AuthenticationSASLContinue
        if (this.#scram === null) throw new Error("its login is damaged");
        return frontendMessage("p", Buffer.from(await this.#scram.final(rest.toString())));
      case 12: // AuthenticationSASLFinal
        if (this.#scram === null) throw new Error("its login is damaged");
        this.#scram.verify(rest.toString());
        return null;
      default:
        throw new Error(`it asks for a login by ${NAMES[kind] ?? `method ${kind}`}`);
    }
  }

  #password(): string {
    const { password, user } = this.#address;
    if (password === null) {
      throw new DatabaseError(`it asks for the password of "${user}"`, {
        code: "28P01",
        hint: "Write it behind the user of the address and a colon, or set PGPASSWORD",
      });
    }
    return password;
  }
}

const MECHANISM = "SCRAM-SHA-256";

const NAMES: Readonly<Record<number, string>> = {
  2: "Kerberos",
  7: "GSSAPI",
  8: "GSSAPI",
  9: "SSPI",
};

function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}
