/** `create-extension`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A migration installs an extension. */
export const createExtension: Rule = {
  code: "create-extension",
  title: "A migration installs an extension",
  why:
    "It needs rights that the account of migrations should not have, and files that the server may lack.",
  instead: "Let whoever runs the server install it.",
  severity: "info",
  isOptional: true,
  engines: ["postgres"],
  bad: [{ setup: "", sql: "CREATE EXTENSION IF NOT EXISTS pgcrypto;" }],
  good: [{ setup: "", sql: "CREATE TABLE t (id bigint PRIMARY KEY);" }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation: { action, kind, on } }) =>
        action === "create" && kind === "extension" ? `Extension ${on} is installed` : null,
    ),
};
