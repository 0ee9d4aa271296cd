/** The last door: no key and no password leaves through a stream. */

const NAMES = /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PGPASSWORD|CREDENTIALS?)$/;
const SHAPES: readonly (readonly [RegExp, string])[] = [
  // user:password@host of a URL; a mark that stands for a password already is left alone
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*:)[^\s@/«]+(?=@)/gi, "$1***"],
  [/\bsk-[A-Za-z0-9_-]{16,}/g, "***"],
  [/\b(?:gsk|xai|hf|pplx|csk|tgp_v1|ghp|glpat|github_pat)[_-][A-Za-z0-9_-]{16,}/g, "***"],
  [/\bAIza[A-Za-z0-9_-]{30,}/g, "***"],
  [/\bAKIA[A-Z0-9]{16}\b/g, "***"],
  [/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}/g, "***"],
  [/\b(Bearer\s+)[A-Za-z0-9._~+/=-]{16,}/gi, "$1***"],
];

/** Makes a function that takes secrets out of text: values of the environment's secret variables, and what looks like a key. */
export function redactor(
  variables: Readonly<Record<string, string | undefined>>,
): (text: string) => string {
  const values = Object.entries(variables)
    .flatMap(([name, value]) => NAMES.test(name) && value && isSecret(value) ? [value] : [])
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const value of values) clean = clean.replaceAll(value, "***");
    for (const [shape, replacement] of SHAPES) clean = clean.replaceAll(shape, replacement);
    return clean;
  };
}

/** A plain word, such as the password `postgres` of a development server, is not taken out: it would spoil all text. */
function isSecret(value: string): boolean {
  return value.length >= 8 && /[^a-z]/.test(value);
}
