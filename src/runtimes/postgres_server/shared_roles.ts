/** Roles on a server that others use as well: only those that the scripts themselves created are dropped again. */

import { DatabaseError } from "../../core/error.ts";
import { type Administration, quoteName } from "./administration.ts";
import type { Shared } from "./shared.ts";

/** See the module's comment. */
export class SharedRoles implements Shared {
  readonly #admin: Administration;
  /** Texts of scripts that may create roles. */
  readonly #scripts: string[] = [];

  constructor(admin: Administration) {
    this.#admin = admin;
  }

  note(sql: string): void {
    if (/\b(?:ROLE|USER|GROUP)\b/i.test(sql)) this.#scripts.push(sql.toLowerCase());
  }

  async read(): Promise<ReadonlySet<string>> {
    const roles = await this.#admin.query<{ rolname: string }>(
      "SELECT rolname FROM pg_catalog.pg_roles",
    );
    return new Set(roles.map(({ rolname }) => rolname));
  }

  saved(): Promise<void> {
    return Promise.resolve();
  }

  beforeDrop(): Promise<void> {
    return Promise.resolve();
  }

  async restore(state: unknown): Promise<void> {
    if (this.#scripts.length === 0) return;
    const before = state as ReadonlySet<string>;
    for (const name of await this.read()) {
      if (before.has(name) || !this.#isCreated(name)) continue;
      try {
        await this.#admin.exec(`DROP ROLE ${quoteName(name)}`);
      } catch (error) {
        // Something of another state or of somebody else belongs to it.
        if (!(error instanceof DatabaseError)) throw error;
      }
    }
  }

  #isCreated(name: string): boolean {
    return this.#scripts.some((script) => script.includes(name.toLowerCase()));
  }
}
