/** Headers of the user's own, for gateways: sent with every request to a model's API. */

/** Why a header cannot be one's own; null when it can. */
export function headerFault(name: string, value: string): string | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(name)) return `"${name}" is no name of a header`;
  if (OWN.test(name)) return `"${name}" is set by aim; a key has its variable or aim auth`;
  if (value.length > LONGEST) return `the value of "${name}" is longer than ${LONGEST} characters`;
  return /^[\x20-\x7e]*$/.test(value) ? null : `the value of "${name}" is no plain ASCII`;
}

const LONGEST = 1000;

/** Headers that carry the key, or that the connection and the body decide. */
const OWN =
  /^(?:authorization|proxy-.*|x-api-key|api-key|host|cookie|connection|keep-alive|upgrade|te|trailer|transfer-encoding|content-.*|expect|accept|accept-encoding|anthropic-version)$/i;
