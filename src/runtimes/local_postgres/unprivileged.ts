/** The user that a server runs as: Postgres refuses to run as root. */

import { existsSync, readFileSync } from "node:fs";
import process from "node:process";

/** Ids of a user of this machine. */
export interface UnixUser {
  readonly uid: number;
  readonly gid: number;
}

/** As root, the user without rights that takes its place; null for everybody else, who run servers as themselves. */
export function unprivilegedUser(): UnixUser | null {
  if (process.geteuid?.() !== 0) return null;
  const users = existsSync("/etc/passwd") ? readFileSync("/etc/passwd", "utf8") : "";
  const [, uid, gid] = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(users) ?? [];
  // initdb wants a user that has a name.
  return uid === undefined ? { uid: 65534, gid: 65534 } : { uid: Number(uid), gid: Number(gid) };
}

/** The same as options of a process. */
export function asUnprivileged(): Partial<UnixUser> {
  return unprivilegedUser() ?? {};
}
