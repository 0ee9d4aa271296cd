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

/** Makes a redactor for one run; strings are read as the dialect reads them. */
export function sqlRedactor(lexicon: Lexicon): SqlRedactor {
  const marks = new Map<string, string>();
  const mark = (secret: string) => {
    const known = marks.get(secret);
    if (known !== undefined) return known;
    const made = `«redacted:${marks.size + 1}»`;
    marks.set(secret, made);
    return made;
  };
  return {
    hide: (text) => {
      let clean = hideNamed(hideOptions(text, { lexicon, mark }), { lexicon, mark });
      for (const [pattern, group] of SECRETS) {
        clean = clean.replace(pattern, (whole: string, ...parts: unknown[]) => {
          const secret = parts[group - 1];
          if (typeof secret !== "string" || secret === "" || secret.startsWith("«redacted:")) {
            return whole;
          }
          const at = whole.lastIndexOf(secret);
          return whole.slice(0, at) + mark(secret) + whole.slice(at + secret.length);
        });
      }
      return clean;
    },
    restore: (text) => {
      let full = text;
      for (const [secret, made] of marks) full = full.replaceAll(made, secret);
      return full;
    },
  };
}

const NAMED =
  "(?:\\w*password|passwd|pwd|passphrase|\\w*secret\\w*|\\w*token|\\w*api_?key|access_?key\\w*|private_?key\\w*|credentials?)";

/** Patterns and the group in them that is the secret. */
const SECRETS: readonly (readonly [RegExp, number])[] = [
  // user:password@host of an address
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s:/?#@'"]*:([^\s@/'"]+)@/gi, 1],
  // "password": "x"
  [new RegExp(`"${NAMED}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)+)"`, "gi"), 1],
  // password=x of a connection string
  [new RegExp(`\\b${NAMED}\\s*=\\s*([^\\s'";&,)«]+)`, "gi"), 1],
  [/\b(sk-[A-Za-z0-9_-]{8,})/g, 1],
  [
    /\b((?:gsk|xai|hf|pplx|csk|tgp_v1|r8|fw|ghp|gho|glpat|github_pat|npm|xox[abp])[_-][A-Za-z0-9_-]{16,})/g,
    1,
  ],
  [/\b(AIza[A-Za-z0-9_-]{30,})/g, 1],
  [/\b((?:AKIA|ASIA)[A-Z0-9]{16})\b/g, 1],
  [/\b(eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,})/g, 1],
  [/(-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----)/g, 1],
];

/**
 * `password 'x'`, `password => E'x'`, and `CONNECTION 'host=... password=...'` of a subscription, all of it. Not with the quote
 * directly behind the word, where a string more often ends with the word.
 */
const NAMES = new RegExp(`\\b(?:CONNECTION|${NAMED})\\b"?(?:\\s*(?:=>|:=|=|:)|(?=[\\s/-]))`, "gi");

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
