/** What an account of a server that others use may do, and whether scripts can be kept to the scratch databases. */

import type { Session } from "../mysql_server/session.ts";
import { PREFIX } from "./names.ts";

/** How scripts are kept to scratch databases. */
export type Confinement =
  /** The account can make another one for them. */
  | { readonly kind: "own account"; readonly host: string }
  /** The account itself reaches nothing else. */
  | { readonly kind: "given account" }
  /** Neither: why, and what to do about it. */
  | { readonly kind: "none"; readonly reason: string };

/** Reads it from the privileges of the session's account. */
export async function confinementOf(session: Session): Promise<Confinement> {
  const rows = await session.ask<Record<string, unknown>>("SHOW GRANTS", 1 << 20);
  const [me] = await session.ask<{ name: string }>("SELECT CURRENT_USER() AS name", 1 << 16);
  const grants = rows.map((row) => String(Object.values(row)[0]));
  return confinement(grants, me?.name ?? "");
}

function confinement(grants: readonly string[], account: string): Confinement {
  if (grants.some(makesAccounts)) {
    return { kind: "own account", host: account.slice(account.lastIndexOf("@") + 1) };
  }
  const isKept = grants.every((grant) => isNothing(grant) || isOnScratch(grant));
  if (isKept && grants.some(isOnScratch)) return { kind: "given account" };
  const pattern = `\`${PREFIX.replaceAll("_", "\\_")}%\`.*`;
  return {
    kind: "none",
    reason: isKept
      ? `its account may not create databases: GRANT ALL ON ${pattern} to it`
      : `its account reaches other databases, and cannot make one for scripts that does not: give one that has GRANT ALL ON ${pattern} alone, or one with CREATE USER and GRANT OPTION`,
  };
}

/** `GRANT ALL PRIVILEGES ON *.* TO ... WITH GRANT OPTION`, in whatever form a server writes it. */
function makesAccounts(grant: string): boolean {
  const privileges = /^GRANT (.*?) ON \*\.\* TO /.exec(grant)?.[1];
  if (privileges === undefined || !/ WITH (?:.* )?GRANT OPTION\b/.test(grant)) return false;
  if (privileges === "ALL PRIVILEGES") return true;
  const held = new Set(privileges.split(/,\s*/));
  return NEEDED.every((name) => held.has(name));
}

/** What the scripts' account gets can only be given by who has it. */
const NEEDED = ["CREATE USER", "CREATE", "DROP", "ALTER", "INDEX", "TRIGGER", "EVENT", "SELECT"];

function isNothing(grant: string): boolean {
  return /^GRANT USAGE ON \*\.\* TO /.test(grant) && !/ WITH .*GRANT OPTION\b/.test(grant);
}

function isOnScratch(grant: string): boolean {
  const pattern = /^GRANT ALL PRIVILEGES ON `([^`]+)`\.\* TO /.exec(grant)?.[1];
  return pattern?.replaceAll("\\", "").startsWith(PREFIX) ?? false;
}
