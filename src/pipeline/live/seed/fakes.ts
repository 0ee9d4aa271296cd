/** Made values: each stands for the n-th value that was met, and is made of n alone. */

import { createHash } from "node:crypto";
import type { Mask } from "../../../core/row_mask.ts";

/** What a value is made for. */
export interface FakeOptions {
  /** Which of the values that were met it is, from 1. */
  readonly n: number;
  /** What it stands for: only its length and the kinds of its characters are used. */
  readonly original: string;
  /** The most characters; null for any. */
  readonly length: number | null;
  /** Another one is wanted where the one before was taken, from 0. */
  readonly attempt: number;
  /** Of the columns that have it. */
  readonly domain: string;
}

const FIRST = ["Ada", "Bela", "Cora", "Dina", "Emil", "Finn", "Gita", "Hugo", "Iris", "Jano"];
const LAST = [
  "Ahorn",
  "Birke",
  "Cedar",
  "Dahlia",
  "Elder",
  "Fern",
  "Ginko",
  "Hazel",
  "Ivy",
  "Juniper",
];
const LOREM = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor ";

type Fake = (options: FakeOptions) => string;

/** By mask; what keeps or clears a value makes none. */
const FAKES: Readonly<Record<Exclude<Mask, "keep" | "null">, Fake>> = {
  email: ({ n, length }) => fitting([`user${n}@example.com`, `u${n}@a.test`], n, length),
  name: ({ n, length }) => {
    const first = FIRST[(n - 1) % FIRST.length] ?? "";
    const family = LAST[Math.floor((n - 1) / FIRST.length) % LAST.length] ?? "";
    const round = Math.floor((n - 1) / (FIRST.length * LAST.length));
    const more = round === 0 ? "" : ` ${round + 1}`;
    return fitting([`${first} ${family}${more}`, `${first}${n}`], n, length);
  },
  phone: ({ n, length }) => {
    const digits = String(n).padStart(7, "0");
    return fitting([`+1555${digits}`, `555${digits}`, digits], n, length);
  },
  address: ({ n, length }) => fitting([`${n} Example Street`, `${n} St`], n, length),
  text: ({ n, original, length }) => {
    const size = Math.min(original.length, length ?? 200, 200);
    const begin = `Text ${n} `;
    const text = (begin + LOREM.repeat(3)).slice(0, Math.max(size, begin.length)).trimEnd();
    return fitting([text], n, length);
  },
  url: ({ n, length }) => fitting([`https://example.com/${n}`], n, length),
  ip: ({ n }) => `198.${18 + (n >> 16) % 2}.${(n >> 8) % 256}.${n % 256}`,
  date: ({ original }) => original.replace(/^(-?\d{1,6})-\d\d-\d\d/, "$1-01-01"),
  number: ({ n }) => String(n),
  hash: (options) =>
    digest(options).slice(0, Math.min(options.original.length, options.length ?? 64)),
  code: shaped,
};

/** A made value. */
export function fake(mask: Exclude<Mask, "keep" | "null">, options: FakeOptions): string {
  return FAKES[mask](options);
}

/** A made UUID. */
export function fakeUuid(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
}

function fitting(candidates: readonly string[], n: number, length: number | null): string {
  const fits = (text: string) => length === null || text.length <= length;
  return candidates.find(fits) ?? n.toString(36).slice(-(length ?? 1));
}

/** Hexadecimal digits that nothing but the number of the value goes into. */
function digest({ domain, n, attempt }: FakeOptions): string {
  return createHash("sha256").update(JSON.stringify([domain, n, attempt])).digest("hex");
}

/** Letters for letters and digits for digits, so that it passes a check of its form. */
function shaped(options: FakeOptions): string {
  const bytes = createHash("sha512").update(digest(options)).digest();
  return [...options.original].map((char, at) => {
    const byte = ((bytes[at % 64] ?? 0) + Math.floor(at / 64) * 7) % 256;
    if (/[a-f]/.test(char) && /^[\da-f-]+$/.test(options.original)) {
      return "abcdef".charAt(byte % 6);
    }
    if (/[1-9]/.test(char)) return String(1 + byte % 9);
    if (/\p{N}/u.test(char)) return String(byte % 10);
    if (/\p{Lu}/u.test(char)) return String.fromCharCode(65 + byte % 26);
    return /\p{L}/u.test(char) ? String.fromCharCode(97 + byte % 26) : char;
  }).join("");
}
