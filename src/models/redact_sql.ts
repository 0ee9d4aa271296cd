/** Secrets in DDL: a model gets a mark in their place, and its SQL gets them back on this machine. */

import type { Lexicon } from "../sql/lexicon.ts";
import { Scanner, type TokenKind } from "../sql/scanner.ts";

/** Hides and restores; the same secret has the same mark as long as the redactor lives. */
export interface SqlRedactor {
  /** The text with marks. */
  hide(text: string): string;
  /** The text with the secrets back in place. */
  restore(text: string): string;
}

/** Makes a redactor for one run; strings are read as the dialect reads them. Each step is linear in the text. */
export function sqlRedactor(lexicon: Lexicon): SqlRedactor {
  const marks = new Map<string, string>();
  const secrets: string[] = [];
  const mark = (secret: string) => {
    const known = marks.get(secret);
    if (known !== undefined) return known;
    const made = `«redacted:${secrets.push(secret)}»`;
    marks.set(secret, made);
    return made;
  };
  /** A secret may hold the marks of those that were found before it. */
  const restore = (text: string, before: number): string =>
    text.replaceAll(/«redacted:(\d{1,9})»/g, (whole: string, number: string) => {
      const at = Number(number) - 1;
      const secret = at < before ? secrets[at] : undefined;
      return secret === undefined ? whole : restore(secret, at);
    });
  return {
    hide: (text) => {
      const hiding = { lexicon, mark };
      let clean = hideNamed(hideOptions(hidePrivateKeys(text, mark), hiding), hiding);
      for (const pattern of SECRETS) {
        clean = clean.replace(pattern, (whole: string, secret: string) => {
          if (secret.startsWith("«redacted:")) return whole;
          const at = whole.lastIndexOf(secret);
          return whole.slice(0, at) + mark(secret) + whole.slice(at + secret.length);
        });
      }
      return clean;
    },
    restore: (text) => restore(text, secrets.length),
  };
}

/** How names of secrets end. What may stand before is not asked for, so that a long word is read once. */
const NAMED =
  "(?:password|passwd|pwd|passphrase|secret\\w{0,24}|token|api_?key|access_?key\\w{0,24}|private_?key\\w{0,24}|credentials?)";

/** Patterns whose group is the secret. Blanks are bounded: two runs of them side by side can be shared out in many ways. */
const SECRETS: readonly RegExp[] = [
  // user:password@host of an address
  /:\/\/[^\s:/?#@'"]*:([^\s@/'"]+)@/g,
  // "password": "x"
  new RegExp(`${NAMED}"\\s{0,64}:\\s{0,64}"((?:[^"\\\\]|\\\\.)+)"`, "gi"),
  // password=x of a connection string
  new RegExp(`${NAMED}\\s{0,64}=\\s{0,64}([^\\s'";&,)«]+)`, "gi"),
  /\b(sk-[A-Za-z0-9_-]{8}[A-Za-z0-9_-]*)/g,
  /\b((?:gsk|xai|hf|pplx|csk|tgp_v1|r8|fw|ghp|gho|glpat|github_pat|npm|xox[abp])[_-][A-Za-z0-9_-]{16}[A-Za-z0-9_-]*)/g,
  /\b(AIza[A-Za-z0-9_-]{30}[A-Za-z0-9_-]*)/g,
  /\b((?:AKIA|ASIA)[A-Z0-9]{16})\b/g,
  /(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{10}[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{10}[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{5}[A-Za-z0-9_-]*)/g,
];

/**
 * `password 'x'`, `password => E'x'`, and `CONNECTION 'host=... password=...'` of a subscription, all of it. Not with the quote
 * directly behind the word, where a string more often ends with the word.
 */
const NAMES = new RegExp(
  `(?:\\bCONNECTION|${NAMED})\\b"?(?:\\s{0,64}(?:=>|:=|=|:)|(?=[\\s/-]))`,
  "gi",
);

/** Keys between the lines that begin and end them. */
function hidePrivateKeys(text: string, mark: (secret: string) => string): string {
  const begins = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/g;
  const ends = /-----END [A-Z ]{0,40}PRIVATE KEY-----/g;
  let [clean, done] = ["", 0];
  for (let begin = begins.exec(text); begin !== null; begin = begins.exec(text)) {
    ends.lastIndex = begins.lastIndex;
    if (ends.exec(text) === null) break;
    clean += text.slice(done, begin.index) + mark(text.slice(begin.index, ends.lastIndex));
    done = begins.lastIndex = ends.lastIndex;
  }
  return clean + text.slice(done);
}

/** A foreign server, or a user's mapping to one. */
const SERVERS = /\b(?:CREATE|ALTER)\s+(?:SERVER|USER\s+MAPPING)\b/gi;

interface Hiding {
  readonly lexicon: Lexicon;
  readonly mark: (secret: string) => string;
}

/** Hides the string behind each secret's name. */
function hideNamed(text: string, hiding: Hiding): string {
  return hideBehind(NAMES, text, hiding, (_token, kind) => {
    if (kind === "blank" || kind === "comment") return "on";
    return isString(kind) ? "last" : "end";
  });
}

/** Hides all values in the OPTIONS of servers. */
function hideOptions(text: string, hiding: Hiding): string {
  let depth = 0;
  let options = false;
  return hideBehind(SERVERS, text, hiding, (token, kind) => {
    if (kind === "word" && depth === 0) options = /^OPTIONS$/i.test(token);
    else if (token === "(") depth++;
    else if (token === ")") depth--;
    else if (isString(kind)) return options && depth > 0 ? "hide" : "on";
    if (token !== ";" || depth > 0) return "on";
    depth = 0;
    return "end";
  });
}

function isString(kind: TokenKind): boolean {
  return kind === "string" || kind === "body";
}

/** What is done with a token: left, hidden, hidden as the last, or left as the end. */
type Step = "on" | "hide" | "last" | "end";

/** Goes through the tokens behind each match, as far as `step` wants; a string without an end is taken for one. */
function hideBehind(
  pattern: RegExp,
  text: string,
  { lexicon, mark }: Hiding,
  step: (token: string, kind: TokenKind) => Step,
): string {
  let clean = "";
  let at = 0;
  const find = new RegExp(pattern);
  while (find.exec(text) !== null) {
    const scanner = new Scanner(text, lexicon, find.lastIndex);
    for (let next: Step = "on"; next !== "end" && next !== "last" && scanner.next();) {
      const { start, end } = scanner;
      const token = text.slice(start, end);
      const kind = scanner.open === "string" ? "string" : scanner.kind;
      next = step(token, kind);
      if (next !== "hide" && next !== "last") continue;
      clean += text.slice(at, start) + hidden(token, mark);
      at = end;
    }
    find.lastIndex = Math.max(find.lastIndex, scanner.start);
  }
  return clean + text.slice(at);
}

/** A quoted piece with a mark in place of its value; prefix and quotes stay. */
function hidden(token: string, mark: (secret: string) => string): string {
  const open = /^(?:[A-Za-z]?['"]|\$[^$]*\$)/.exec(token)?.[0] ?? "";
  const close = open.startsWith("$") ? open : open.slice(-1);
  const ended = token.length >= open.length + close.length && token.endsWith(close);
  const secret = token.slice(open.length, ended ? -close.length : undefined);
  if (secret === "" || secret.startsWith("«redacted:")) return token;
  return open + mark(secret) + (ended ? close : "");
}
