/** Secrets in DDL: a model gets a mark in their place, and its SQL gets them back on this machine. */

/** Hides and restores; the same secret has the same mark as long as the redactor lives. */
export interface SqlRedactor {
  /** The text with marks. */
  hide(text: string): string;
  /** The text with the secrets back in place. */
  restore(text: string): string;
}

/** Makes a redactor for one run. Each step is linear in the text. */
export function sqlRedactor(): SqlRedactor {
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
      let clean = hidePrivateKeys(hideOptions(text, mark), mark);
      for (const [prefix, quote] of QUOTED) clean = hideQuoted(clean, { prefix, quote, mark });
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

/** What stands before a secret in quotes, the first of them included, and the quote. */
const QUOTED: readonly (readonly [RegExp, "'" | '"'])[] = [
  // CONNECTION 'host=... password=...' of a subscription: all of it
  [/\bCONNECTION\s{1,64}'/gi, "'"],
  // password 'x', "password": "x", password => 'x'
  [new RegExp(`${NAMED}"?\\s{0,64}(?:=>|:=|=|:)?\\s{0,64}'`, "gi"), "'"],
  [new RegExp(`${NAMED}"\\s{0,64}:\\s{0,64}"`, "gi"), '"'],
];

/** Patterns whose group is the secret. Blanks are bounded: two runs of them side by side can be shared out in many ways. */
const SECRETS: readonly RegExp[] = [
  // user:password@host of an address
  /:\/\/[^\s:/?#@'"]*:([^\s@/'"]+)@/g,
  // password=x of a connection string
  new RegExp(`${NAMED}\\s{0,64}=\\s{0,64}([^\\s'";&,)«]+)`, "gi"),
  /\b(sk-[A-Za-z0-9_-]{8}[A-Za-z0-9_-]*)/g,
  /\b((?:gsk|xai|hf|pplx|csk|tgp_v1|r8|fw|ghp|gho|glpat|github_pat|npm|xox[abp])[_-][A-Za-z0-9_-]{16}[A-Za-z0-9_-]*)/g,
  /\b(AIza[A-Za-z0-9_-]{30}[A-Za-z0-9_-]*)/g,
  /\b((?:AKIA|ASIA)[A-Z0-9]{16})\b/g,
  /(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{10}[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{10}[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{5}[A-Za-z0-9_-]*)/g,
];

/** All that stands in quotes behind a prefix. */
function hideQuoted(
  text: string,
  { prefix, quote, mark }: {
    readonly prefix: RegExp;
    readonly quote: "'" | '"';
    readonly mark: (secret: string) => string;
  },
): string {
  let [clean, done] = ["", 0];
  prefix.lastIndex = 0;
  while (prefix.test(text)) {
    const start = prefix.lastIndex;
    const end = endOfQuoted(text, start, { quote, escapes: quote === '"' });
    if (end > text.length) break;
    const secret = text.slice(start, end - 1);
    if (secret !== "" && !secret.startsWith("«redacted:")) {
      clean += text.slice(done, start) + mark(secret);
      done = end - 1;
    }
    prefix.lastIndex = end;
  }
  return clean + text.slice(done);
}

/** The offset behind the quote that ends a text in quotes; one behind the end of the text when none does. */
function endOfQuoted(
  text: string,
  start: number,
  { quote, escapes }: { readonly quote: string; readonly escapes: boolean },
): number {
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (escapes && sign === "\\") at += 1;
    else if (sign === quote) {
      if (text[at + 1] !== quote || quote === '"' && escapes) return at + 1;
      at += 1;
    }
  }
  return text.length + 1;
}

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

/** Statements whose options are secrets. */
const STATEMENT = /\b(?:CREATE|ALTER)\s+(?:SERVER|USER\s+MAPPING)\b/gi;

/** The beginning of a literal or a quoted name, a parenthesis, the word OPTIONS, the end of a statement. */
const TOKEN = /\be'|['"]|\$\w{0,64}\$|\bOPTIONS\b|[();]/gi;

/** All values in the OPTIONS of a foreign server and of a user's mapping to one. */
function hideOptions(text: string, mark: (secret: string) => string): string {
  let [clean, done] = ["", 0];
  STATEMENT.lastIndex = 0;
  for (let found = STATEMENT.exec(text); found !== null; found = STATEMENT.exec(text)) {
    TOKEN.lastIndex = STATEMENT.lastIndex;
    let [options, depth] = [false, 0];
    for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
      const [sign] = token;
      if (sign === ";") break;
      const end = endOfToken(text, token.index, sign);
      TOKEN.lastIndex = end;
      if (/^options$/i.test(sign)) options = true;
      else if (sign === "(") depth += 1;
      else if (sign === ")") options = --depth > 0 && options;
      else if (options && depth > 0 && !sign.startsWith('"')) {
        const literal = text.slice(token.index, end);
        const [open, close] = quotesOf(literal);
        const value = literal.slice(open, literal.length - close);
        clean += text.slice(done, token.index + open) + (value === "" ? "" : mark(value));
        done = end - close;
      }
    }
    STATEMENT.lastIndex = TOKEN.lastIndex === 0 ? text.length : TOKEN.lastIndex;
  }
  return clean + text.slice(done);
}

/** The offset behind a token; that of a literal is behind the quote that ends it. */
function endOfToken(text: string, start: number, sign: string): number {
  const end = start + sign.length;
  if (/['"]$/.test(sign)) {
    const found = endOfQuoted(text, end, { quote: sign.slice(-1), escapes: /^e/i.test(sign) });
    return Math.min(found, text.length);
  }
  if (!sign.startsWith("$")) return end;
  const close = text.indexOf(sign, end);
  return close < 0 ? text.length : close + sign.length;
}

/** How many characters of a literal are its quotes, before and behind. */
function quotesOf(literal: string): readonly [open: number, close: number] {
  const dollar = /^\$\w*\$/.exec(literal)?.[0].length;
  if (dollar !== undefined) return [dollar, literal.length >= 2 * dollar ? dollar : 0];
  const open = literal.indexOf("'") + 1;
  return [open, literal.length > open && literal.endsWith("'") ? 1 : 0];
}
