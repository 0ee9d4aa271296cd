/** Names of Postgres objects as one text, and back. */

export { joinName, lastName, splitName } from "../../core/name.ts";

/** What follows the parts of a name: its argument list with brackets, or nothing. */
export function signatureOf(name: string): string {
  let quoted = false;
  for (let at = 0; at < name.length; at++) {
    if (name.charAt(at) === '"') quoted = !quoted;
    else if (name.charAt(at) === "(" && !quoted) return name.slice(at);
  }
  return "";
}
