/** The last door: no key and no password leaves through a stream. */

import { readFileSync, statSync } from "node:fs";
import { isSecret, openSecret, redacted, rememberSecret } from "../text/secrets.ts";
import { credentialsPath } from "../host/user_dirs.ts";

/** Takes secrets out of what is written piece by piece. */
export interface Redactor {
  /** The text without secrets. What may be the beginning of one is held back until `rest` or the next piece. */
  next(text: string): string;
  /** What was held back. */
  rest(): string;
  /** A text that no other follows. */
  whole(text: string): string;
}

const NAMES = /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PGPASSWORD|CREDENTIALS?)$/;

/** Makes a redactor: values of the environment's secret variables, remembered secrets, and what looks like a key. */
export function redactor(
  variables: Readonly<Record<string, string | undefined>>,
): Redactor {
  const values = Object.entries(variables)
    .flatMap(([name, value]) => NAMES.test(name) && value && isSecret(value) ? [value] : []);
  let held = "";
  return {
    next: (text) => {
      const whole = held + text;
      const open = openSecret(whole, values);
      held = whole.slice(whole.length - open);
      return redacted(whole.slice(0, whole.length - open), values);
    },
    whole: (text) => redacted(text, values),
    rest: () => {
      const text = redacted(held, values);
      held = "";
      return text;
    },
  };
}

/** More is no file of keys. */
const LARGEST = 1 << 20;

/** Remembers every value of the file of keys, also of one that is no TOML: what cannot be used must not be shown either. */
export function rememberStoredKeys(variables: Readonly<Record<string, string | undefined>>): void {
  const path = credentialsPath(variables);
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > LARGEST) return;
    for (const line of readFileSync(path, "utf8").split("\n")) {
      const value = /=\s*(.*)$/.exec(line)?.[1]?.trim() ?? "";
      const quoted = /^(["'])(.*?)\1(?:\s*#.*)?$/.exec(value);
      rememberSecret(unescaped(quoted?.[2] ?? value.replace(/^["']+|["']+$/g, "")));
    }
  } catch {
    // A file that cannot be read holds no key that this run could show.
  }
}

function unescaped(value: string): string {
  try {
    return String(JSON.parse(`"${value}"`));
  } catch {
    return value;
  }
}
