/** Secrets in DDL: a model gets a mark in their place, and its SQL gets them back on this machine. */

/** Hides and restores; the same secret has the same mark as long as the redactor lives. */
export interface SqlRedactor {
  /** The text with marks. */
  hide(text: string): string;
  /** The text with the secrets back in place. */
  restore(text: string): string;
}

/** Makes a redactor for one run. */
export function sqlRedactor(): SqlRedactor {
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
      let clean = hideOptions(text, mark);
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
  // CONNECTION 'host=... password=...' of a subscription: all of it
  [/\bCONNECTION\s+'((?:[^']|'')+)'/gi, 1],
  // password 'x', "password": "x", password => 'x'
  [new RegExp(`\\b${NAMED}"?\\s*(?:=>|:=|=|:)?\\s*'((?:[^']|'')+)'`, "gi"), 1],
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

/** All values in the OPTIONS of a foreign server and of a user's mapping to one. */
function hideOptions(text: string, mark: (secret: string) => string): string {
  const statement =
    /\b(?:CREATE|ALTER)\s+(?:SERVER|USER\s+MAPPING)\b(?:[^;']|'(?:[^']|'')*')*?\bOPTIONS\s*\(((?:[^)']|'(?:[^']|'')*')*)\)/gi;
  return text.replace(statement, (whole: string, options: string) => {
    const clean = options.replaceAll(
      /'((?:[^']|'')*)'/g,
      (literal: string, value: string) => value === "" ? literal : `'${mark(value)}'`,
    );
    return whole.replace(options, () => clean);
  });
}
