/** SCRAM-SHA-256 (RFC 5802 and 7677), the way in which Postgres asks for passwords. */

import { Buffer } from "node:buffer";
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** See the module's comment. One exchange. Throws an Error for a server that does not keep to it. */
export class Scram {
  readonly #password: string;
  readonly #nonce = randomBytes(18).toString("base64");
  #serverSignature: Buffer = Buffer.alloc(0);
  #isDone = false;

  constructor(password: string) {
    this.#password = password.normalize("NFKC");
  }

  /** The first message. */
  first(): string {
    return `n,,${this.#bare()}`;
  }

  /** The answer to the server's challenge. */
  async final(challenge: string): Promise<string> {
    const fields = fieldsOf(challenge);
    const { r: nonce = "", s: salt = "" } = fields;
    const rounds = Number(fields.i);
    if (!nonce.startsWith(this.#nonce) || nonce === this.#nonce || salt === "") throw damaged();
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > MOST_ROUNDS) throw damaged();
    const salted = await derive(this.#password, Buffer.from(salt, "base64"), rounds, 32, "sha256");
    const clientKey = hmac(salted, "Client Key");
    const withoutProof = `c=biws,r=${nonce}`;
    const said = `${this.#bare()},${challenge},${withoutProof}`;
    const signature = hmac(createHash("sha256").update(clientKey).digest(), said);
    const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0)));
    this.#serverSignature = hmac(hmac(salted, "Server Key"), said);
    return `${withoutProof},p=${proof.toString("base64")}`;
  }

  /** Checks that the server knows the password as well. */
  verify(message: string): void {
    const given = Buffer.from(fieldsOf(message).v ?? "", "base64");
    const { length } = this.#serverSignature;
    if (length === 0 || given.length !== length || !timingSafeEqual(given, this.#serverSignature)) {
      throw new Error("it does not know the password that it asked for");
    }
    this.#isDone = true;
  }

  /** True once the server has shown that it knows the password. */
  get isDone(): boolean {
    return this.#isDone;
  }

  #bare(): string {
    return `n=,r=${this.#nonce}`;
  }
}

/** A server that asks for more wants the client's time. */
const MOST_ROUNDS = 1_000_000;

const derive = promisify(pbkdf2);

function hmac(key: Buffer, text: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHmac("sha256", key).update(text).digest());
}

function fieldsOf(message: string): Readonly<Record<string, string>> {
  return Object.fromEntries(message.split(",").map((part) => [part[0] ?? "", part.slice(2)]));
}

function damaged(): Error {
  return new Error("its challenge for a password is damaged");
}
