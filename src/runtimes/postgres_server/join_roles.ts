/** A role that is no superuser may do with the roles that it creates what a superuser may, once it is a member of them. */

import { quoteText } from "./administration.ts";

/** SQL that makes the session's role a member of the roles that a script creates, where it can; null for none. Never fails. */
export function joinRoles(sql: string): string | null {
  const names = [...sql.matchAll(CREATE_ROLE)].map(([, name]) => name ?? "");
  if (names.length === 0) return null;
  const grants = [...new Set(names)].map((name) => `
    BEGIN
      EXECUTE ${quoteText(`GRANT ${name} TO CURRENT_USER`)};
    EXCEPTION WHEN OTHERS THEN NULL;
    END;`);
  const body = `BEGIN${grants.join("")}\nEND`;
  return `DO ${quoteText(body)}`;
}

const CREATE_ROLE =
  /\bCREATE\s+(?:ROLE|USER|GROUP)\s+("(?:[^"\0]|"")+"|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)/gi;
