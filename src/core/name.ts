/** Names of objects as one text, and back. */

/** Joins the parts of a name with dots; a part that holds a dot, a bracket or a quote is quoted, so that `splitName` finds it again. */
export function joinName(...parts: readonly string[]): string {
  return parts.map((part) => /[."()]|^$/.test(part) ? `"${part.replaceAll('"', '""')}"` : part)
    .join(".");
}

/** The parts of a name that `joinName` made; what follows the first bracket (a signature) is left out. */
export function splitName(name: string): string[] {
  if (!name.includes('"') && !name.includes("(")) return name.split(".");
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (let at = 0; at < name.length; at++) {
    const char = name.charAt(at);
    if (quoted) {
      if (char !== '"') part += char;
      else if (name.charAt(at + 1) === '"') part += name.charAt(++at);
      else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "(") break;
    else if (char === ".") {
      parts.push(part);
      part = "";
    } else part += char;
  }
  return [...parts, part];
}

/** The last part of a name. */
export function lastName(name: string): string {
  return splitName(name).at(-1) ?? name;
}

/** True when an object of the full name `full` goes by `name`, with or without its leading parts, however they are quoted. */
export function goesBy(full: string, name: string): boolean {
  const [whole, part] = [splitName(full).join("."), splitName(name).join(".")];
  return full === name || whole === part || whole.endsWith(`.${part}`);
}
