/** Postgres at an address that the user gave: scratch databases with names of their own, and nothing else is touched. */

import process from "node:process";
import { AimError, DatabaseError, SetupError } from "../core/error.ts";
import { parsePostgresUrl } from "./postgres_server/parse_url.ts";
import { openPostgresServer } from "./postgres_server/server.ts";
import { Administration, quoteName } from "./postgres_server/administration.ts";
import type { Runtime } from "./runtime.ts";

/** See the module's comment. */
export const url: Runtime = {
  name: "url",

  async refuses(target) {
    const { devUrl } = target;
    if (devUrl === undefined) return "no server is given by --dev-url or AIM_DEV_URL";
    const found = await lookAt(devUrl);
    if (typeof found === "string") return found;
    const { version, extensions, role } = found;
    if (!role.creates) {
      return `the role "${role.name}" may not create databases on the server: ALTER ROLE ${
        quoteName(role.name)
      } CREATEDB`;
    }
    if (
      target.version !== null && !target.anyVersion && majorOf(version) !== majorOf(target.version)
    ) {
      return `the server is Postgres ${version}, not ${target.version}`;
    }
    const missing = target.needs.filter((name) => !extensions.has(name));
    if (missing.length === 0) return null;
    return `the server does not have the extension${missing.length > 1 ? "s" : ""} ${
      missing.map((name) => `"${name}"`).join(", ")
    }`;
  },

  async start(target, { emit, signal, limits }) {
    const address = parsePostgresUrl(target.devUrl ?? "", process.env);
    const found = await lookAt(target.devUrl ?? "");
    if (typeof found !== "string" && found.role.rules) {
      emit({
        type: "note",
        text:
          `The scripts run as "${found.role.name}", a superuser of the server: they can do there what it can`,
      });
    }
    try {
      return await openPostgresServer({
        runtime: "url",
        address,
        isPrivate: false,
        joinsRoles: typeof found !== "string" && !found.role.rules,
        signal,
        ...(limits === undefined ? {} : { limits }),
      });
    } catch (error) {
      throw error instanceof DatabaseError ? setupError(error) : error;
    }
  },
};

interface Seen {
  readonly version: string;
  readonly extensions: ReadonlySet<string>;
  readonly role: Role;
}

interface Role {
  readonly name: string;
  /** It may create databases. */
  readonly creates: boolean;
  /** It is a superuser. */
  readonly rules: boolean;
}

/** What was seen of a server, by its address: it is asked once. */
const seen = new Map<string, Promise<Seen | string>>();

function lookAt(devUrl: string): Promise<Seen | string> {
  const known = seen.get(devUrl) ?? look(devUrl);
  seen.set(devUrl, known);
  return known;
}

async function look(devUrl: string): Promise<Seen | string> {
  const address = parsePostgresUrl(devUrl, process.env);
  try {
    const admin = await Administration.connect(address, AbortSignal.timeout(PATIENCE));
    try {
      const rows = await admin.query<{ name: string }>(
        "SELECT name FROM pg_catalog.pg_available_extensions",
      );
      const [role] = await admin.query<Role>(`
        SELECT rolname AS name, rolcreatedb OR rolsuper AS creates, rolsuper AS rules
        FROM pg_catalog.pg_roles WHERE rolname = current_user`);
      return {
        version: admin.version,
        extensions: new Set(rows.map(({ name }) => name)),
        role: role ?? { name: address.user, creates: false, rules: false },
      };
    } finally {
      await admin.end();
    }
  } catch (error) {
    if (error instanceof AimError) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

/** Milliseconds for a first look. */
const PATIENCE = 15_000;

function majorOf(version: string): number {
  return Number.parseInt(version);
}

function setupError(error: DatabaseError): SetupError {
  return new SetupError(error.message, { code: "no-runtime", hint: error.hint, cause: error });
}
