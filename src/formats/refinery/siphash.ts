/** SipHash-1-3 under the key zero, as Rust's own hasher computes it. */

import { Buffer } from "node:buffer";

/** The hash of some bytes, 64 bits without a sign. */
export function sipHash13(bytes: Buffer): bigint {
  const state: State = [
    0x736f6d6570736575n,
    0x646f72616e646f6dn,
    0x6c7967656e657261n,
    0x7465646279746573n,
  ];
  const whole = bytes.length - bytes.length % 8;
  for (let at = 0; at < whole; at += 8) absorb(state, bytes.readBigUInt64LE(at));
  const last = Buffer.alloc(8);
  bytes.copy(last, 0, whole);
  last[7] = bytes.length & 0xff;
  absorb(state, last.readBigUInt64LE(0));
  state[2] ^= 0xffn;
  for (let turn = 0; turn < 3; turn++) round(state);
  return state[0] ^ state[1] ^ state[2] ^ state[3];
}

type State = [bigint, bigint, bigint, bigint];

function absorb(state: State, word: bigint): void {
  state[3] ^= word;
  round(state);
  state[0] ^= word;
}

function round(state: State): void {
  let [a, b, c, d] = state;
  a = wrap(a + b);
  b = rotate(b, 13n) ^ a;
  a = rotate(a, 32n);
  c = wrap(c + d);
  d = rotate(d, 16n) ^ c;
  a = wrap(a + d);
  d = rotate(d, 21n) ^ a;
  c = wrap(c + b);
  b = rotate(b, 17n) ^ c;
  c = rotate(c, 32n);
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

function wrap(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function rotate(value: bigint, by: bigint): bigint {
  return wrap(value << by) | value >> (64n - by);
}
