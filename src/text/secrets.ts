/** What looks like a secret, what is known to be one, and how both are taken out of text. Every step is linear in the text. */

import { Buffer } from "node:buffer";

/** Secrets of this run: keys that were read, wherever from. */
const known = new Set<string>();

/** Takes a key out of all text from now on. One that is shorter than a key can be is not taken: it would spoil all text. */
export function rememberSecret(value: string): void {
  const bare = value.trim();
  if (bare.length >= 8 || /^(?=.*\d)(?=.*[a-z]).{6,}$/i.test(bare)) known.add(bare);
}

/** Whether a value can be taken out of text without spoiling it: the password `postgres` of a development server cannot. */
export function isSecret(value: string): boolean {
  return value.length >= 8 && (value.length >= 16 || /[^a-z]/.test(value));
}

/** Text without the given values and the remembered ones, in plain and in their usual codes, and without what looks like a key. */
export function redacted(text: string, values: readonly string[] = []): string {
  const forms = formsOf(values);
  let clean = text;
  for (const form of forms.plain) clean = clean.replaceAll(form, "***");
  if (forms.coded !== null && CODED.test(clean)) clean = clean.replaceAll(forms.coded, "***");
  for (const [shape, replacement] of SHAPES) clean = clean.replaceAll(shape, replacement);
  return clean;
}

/** The same for text that is no SQL: there `password = x` is a password too. */
export function withoutSecrets(text: string, values: readonly string[] = []): string {
  let clean = redacted(text, values);
  for (const [shape, replacement] of WORDY) clean = clean.replaceAll(shape, replacement);
  return clean;
}

/** How many characters at the end of a text may be the beginning of a secret that goes on in the next one. */
export function openSecret(text: string, values: readonly string[] = []): number {
  let open = 0;
  for (const form of formsOf(values).plain) {
    for (let length = Math.min(form.length - 1, text.length); length > open; length--) {
      if (text.endsWith(form.slice(0, length))) open = length;
    }
  }
  return open;
}

/**
 * A shape begins with what cannot stand inside of the one before, so that no text is read twice. Where `x{8,}` is meant it is
 * written `x{8}x*`: of a long run V8 keeps a way back from each character of the first, and has no room for that.
 */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  // user:password@host of an address, and a long user:@; a mark that stands for a password already is left alone
  [/(:\/\/[^\s:/?#@'"]*:)[^\s@/'"«]+(?=@)/g, "$1***"],
  [/(\bhttps?:\/\/)[^\s:/?#@'"«]{8}[^\s:/?#@'"«]*(?=:?@)/gi, "$1***"],
  // ?api_key=... of an address
  [
    /([?&][\w.-]{0,40}(?:key|token|secret|signature|password|auth|credential)[\w-]{0,20}=)[^&\s#'"«]{8}[^&\s#'"«]*/gi,
    "$1***",
  ],
  [/\bsk-[A-Za-z0-9_-]{12}[A-Za-z0-9_-]*/g, "***"],
  [
    /\b(?:gsk|xai|hf|pplx|csk|tgp_v1|r8|fw|ghp|gho|glpat|github_pat|npm)[_-][A-Za-z0-9_-]{16}[A-Za-z0-9_-]*/g,
    "***",
  ],
  [/\bAIza[A-Za-z0-9_-]{30}[A-Za-z0-9_-]*/g, "***"],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, "***"],
  [
    /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10}[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{10}[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{5}[A-Za-z0-9_-]*/g,
    "***",
  ],
  [/\b(Bearer\s{1,8})[A-Za-z0-9._~+/=-]{16}[A-Za-z0-9._~+/=-]*/gi, "$1***"],
  [
    /\b(authorization["']?\s{0,8}[:=]\s{0,8}["']?(?:basic|token)\s{1,8})[^\s"',;]{4}[^\s"',;]*/gi,
    "$1***",
  ],
  [/\b((?:x-)?(?:goog-)?api-key["']?\s{0,8}[:=]\s{0,8}["']?)[^\s"',;«*]{8}[^\s"',;«*]*/gi, "$1***"],
];

const WORDY: typeof SHAPES = [
  [/\bsk-[A-Za-z0-9_-]{8}[A-Za-z0-9_-]*/g, "***"],
  [
    /\b((?:password|passwd|pwd|secret|api_?key|access_?token)\s{0,8}=\s{0,8})[^\s'";&]+/gi,
    "$1***",
  ],
];

/** A text without any of these holds no secret in a code that is told character by character. */
const CODED = /%[0-9a-f]{2}|\\[ux"/\\]/i;

/** The ways in which values are found. */
interface Forms {
  /** Longest first. */
  readonly plain: readonly string[];
  /** Each character of a value as it is, in percent code or escaped as in JSON, in any mixture. */
  readonly coded: RegExp | null;
}

let last: { readonly name: string; readonly forms: Forms } = {
  name: "",
  forms: { plain: [], coded: null },
};

function formsOf(values: readonly string[]): Forms {
  const all = [...known, ...values.filter((value) => value.length >= 4)];
  const name = all.join("\0");
  if (last.name !== name) {
    const plain = [...new Set(all.flatMap(plainForms))].sort((a, b) => b.length - a.length);
    const coded = [...all].sort((a, b) => b.length - a.length).map(codedForm).join("|");
    last = { name, forms: { plain, coded: coded === "" ? null : new RegExp(coded, "g") } };
  }
  return last.forms;
}

/** The value, the value in JSON, in hexadecimal digits, and in base64 wherever it begins there. */
function plainForms(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const hex = bytes.length < 6 ? [] : [bytes.toString("hex"), bytes.toString("hex").toUpperCase()];
  const cores = bytes.length < 6 ? [] : [0, 1, 2].map((before) => base64Core(bytes, before));
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    ...hex,
    ...cores,
    ...cores.map((core) => core.replaceAll("+", "-").replaceAll("/", "_")),
  ];
}

/** The characters that do not depend on what stands around, where `before` bytes modulo 3 come first: `user:` of `Basic`. */
function base64Core(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
  return text.slice(Math.ceil(before * 4 / 3), Math.floor((before + bytes.length) * 4 / 3));
}

function codedForm(value: string): string {
  return [...value].map((character) => {
    const units = [...Array(character.length).keys()].map((at) => character.charCodeAt(at));
    const unicode = units.map((unit) => `\\\\+u${hexDigits(unit, 4)}`).join("");
    const percent = [...Buffer.from(character)].map((byte) => `%(?:25){0,3}${hexDigits(byte, 2)}`)
      .join("");
    const short = units.length === 1 && units[0] !== undefined && units[0] < 256
      ? `|\\\\+x${hexDigits(units[0], 2)}`
      : "";
    const escaped = /["'\\/]/.test(character) ? `|\\\\+${literal(character)}` : "";
    return `(?:${literal(character)}${escaped}|${percent}|${unicode}${short})`;
  }).join("");
}

function hexDigits(value: number, length: number): string {
  return value.toString(16).padStart(length, "0")
    .replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function literal(character: string): string {
  return /[\w\s]/.test(character) ? character : character.replace(/[\^$\\.*+?()[\]{}|/-]/, "\\$&");
}
