/** What an account of MySQL or MariaDB sees less of than there is: the server says nothing about it. */

/** What the account does not see of a database, in words; `grants` are the lines of SHOW GRANTS. */
export function hiddenFrom(
  grants: readonly string[],
  database: string,
  family: "mysql" | "mariadb",
): readonly string[] {
  const held = new Set<string>();
  for (const grant of grants) {
    const [, privileges = "", place = ""] = /^GRANT (.*?) ON (\S+) TO /.exec(grant) ?? [];
    if (!covers(place, database)) continue;
    for (const one of privileges.split(/,\s*/)) {
      held.add(one.replace(/\s*\(.*$/, "").toUpperCase());
    }
    if (/^(?:mysql|\`mysql\`)\./.test(place)) held.add("ROUTINE BODIES");
  }
  if (held.has("ALL PRIVILEGES") || held.has("ALL")) return [];
  const bodies = family === "mariadb" ? "SHOW CREATE ROUTINE" : "SHOW_ROUTINE";
  return NEEDED.flatMap(([privilege, what]) =>
    held.has(privilege) ? [] : [`${what} (${privilege})`]
  )
    .concat(
      held.has("EXECUTE") || held.has(bodies) || held.has("SELECT") && held.has("ROUTINE BODIES")
        ? []
        : [`routines (EXECUTE, and ${bodies} for their bodies)`],
    );
}

/** Whether what a grant is on includes the database. */
function covers(place: string, database: string): boolean {
  const [, name = ""] = /^(.*)\.(?:\*|`.*`)$/.exec(place) ?? [];
  if (name === "*") return true;
  const pattern = name.replace(/^`(.*)`$/, "$1").replaceAll("``", "`");
  const text = pattern.replaceAll(
    /\\([_%])|([_%])|([.*+?^${}()|[\]\\])/g,
    (_, plain, wild, other) => plain ?? (wild === "_" ? "." : wild === "%" ? ".*" : `\\${other}`),
  );
  return new RegExp(`^${text}$`, "i").test(database) || /^`?mysql`?$/.test(name);
}

const NEEDED = [
  ["SHOW VIEW", "texts of views"],
  ["TRIGGER", "triggers"],
  ["EVENT", "events"],
] as const;
