/** The engine specifier: a dialect, and the version that the migrations must run on. */

import { UsageError } from "../core/error.ts";

/** `postgres-16.4` as parts. */
export interface EngineSpec {
  readonly dialect: string;
  /** `16.4`, or an image tag such as `16-alpine`; null for the built-in version. */
  readonly version: string | null;
}

/** Reads an engine specifier. Throws UsageError when it is not `name` or `name-version`. */
export function parseEngineSpec(spec: string): EngineSpec {
  const match = /^([a-z]+)(?:-(\d[\w.-]*))?$/.exec(spec);
  if (match !== null) return { dialect: match[1] ?? "", version: match[2] ?? null };
  const name = /^[a-z]+/i.exec(spec)?.[0].toLowerCase();
  const version = /\d+(?:\.\d+){0,2}/.exec(spec)?.[0];
  throw new UsageError(`Cannot read the engine "${spec}"`, {
    code: "engine",
    hint: name === undefined
      ? "write a name, or a name and a version: postgres, postgres-16, postgres-16.4, sqlite"
      : `write "${name}" for the built-in version, or "${name}-${version ?? "<version>"}"`,
  });
}
