/** The states of one scratch database, each a template database, and what the whole server had in it. */

import { type Administration, quoteName } from "./administration.ts";
import type { Shared } from "./shared.ts";

/** A state to come back to. */
export interface Template {
  /** Name of the database that holds it; null for the empty one. */
  readonly database: string | null;
  /** What belongs to the server as a whole: roles and their settings. */
  readonly shared: unknown;
}

/** Whose states they are and how they are named. */
export interface TemplateOptions {
  readonly admin: Administration;
  /** Name of the scratch database. */
  readonly database: string;
  /** The role that owns it. */
  readonly owner: string;
  /** What an empty database is copied from. */
  readonly empty: string;
  /** Copy files, with two checkpoints of the whole server around it: quicker by far where it has nothing else to do. */
  readonly copiesFiles: boolean;
  readonly shared: Shared;
  /** A name that no database of this server has. */
  name(): string;
}

/** See the module's comment. Nobody may be connected to the scratch database while one of these runs. */
export class ScratchTemplates {
  readonly #options: TemplateOptions;
  readonly #names = new Set<string>();
  /** States that nobody can come back to any more are dropped. */
  readonly #forgotten: FinalizationRegistry<string>;
  #unused: string[] = [];

  constructor(options: TemplateOptions) {
    this.#options = options;
    this.#forgotten = new FinalizationRegistry((name) => void this.#unused.push(name));
  }

  /** Remembers the state. */
  async save(): Promise<Template> {
    const { database, shared, name } = this.#options;
    const held = await shared.read();
    const copy = name();
    await this.#copy(database, copy);
    this.#names.add(copy);
    await shared.saved(copy);
    const template = { database: copy, shared: held };
    this.#forgotten.register(template, copy);
    await this.#dropUnused();
    return template;
  }

  /** Goes back to a state. */
  async load(template: Template): Promise<void> {
    const { database, shared, empty } = this.#options;
    await shared.beforeDrop();
    await this.#drop(database);
    await this.#copy(template.database ?? empty, database);
    await shared.restore(template.shared, template.database);
    await this.#dropUnused();
  }

  /** Drops the scratch database and all its states; what cannot be dropped now is dropped by a later run. */
  async end(): Promise<void> {
    await this.#options.shared.beforeDrop();
    for (const name of [this.#options.database, ...this.#names]) {
      // A later run drops it.
      await this.#drop(name).catch(() => {});
    }
    this.#names.clear();
  }

  async #dropUnused(): Promise<void> {
    const names = this.#unused;
    this.#unused = [];
    for (const name of names) {
      await this.#drop(name).catch(() => {});
      this.#names.delete(name);
    }
  }

  async #copy(from: string, to: string): Promise<void> {
    const { admin, owner, copiesFiles } = this.#options;
    const strategy = copiesFiles && admin.major >= 15 ? " STRATEGY file_copy" : "";
    await admin.exec(
      `CREATE DATABASE ${quoteName(to)} TEMPLATE ${quoteName(from)} OWNER ${
        quoteName(owner)
      }${strategy}`,
    );
  }

  async #drop(name: string): Promise<void> {
    const { admin } = this.#options;
    // By force: a session that lost its client may still be ending.
    const force = admin.major >= 13 ? " WITH (FORCE)" : "";
    await admin.exec(`DROP DATABASE IF EXISTS ${quoteName(name)}${force}`);
  }
}
