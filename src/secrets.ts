/** What looks like a secret, and how it is taken out of text. */

const SHAPES: readonly (readonly [RegExp, string])[] = [
  // user:password@host of an address
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/?#@'"]*:)[^\s@/'"«]+(?=@)/gi, "$1***"],
  [/\bsk-[A-Za-z0-9_-]{8,}/g, "***"],
  [
    /\b(?:gsk|xai|hf|pplx|csk|tgp_v1|r8|fw|ghp|gho|glpat|github_pat|npm)[_-][A-Za-z0-9_-]{16,}/g,
    "***",
  ],
  [/\bAIza[A-Za-z0-9_-]{30,}/g, "***"],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, "***"],
  [/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}/g, "***"],
  [/\b(Bearer\s+)[A-Za-z0-9._~+/=-]{16,}/gi, "$1***"],
  [/\b((?:password|passwd|pwd|secret|api_?key|access_?token)\s*=\s*)[^\s'";&]+/gi, "$1***"],
];

/** Text without the given values and without what looks like a key or a password. */
export function withoutSecrets(text: string, values: readonly string[] = []): string {
  let clean = text;
  for (const value of [...values].sort((a, b) => b.length - a.length)) {
    if (value.length >= 4) clean = clean.replaceAll(value, "***");
  }
  for (const [shape, replacement] of SHAPES) clean = clean.replaceAll(shape, replacement);
  return clean;
}
