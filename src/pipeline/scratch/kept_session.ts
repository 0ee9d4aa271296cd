/** What a file leaves for the next one where the runner keeps its session: where names without a schema are looked for. */

import type { Engine } from "../../engines/engine.ts";
import type { Script } from "../../formats/format.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";

/** The session of a runner between two of its files. */
export class KeptSession {
  readonly #engine: Pick<Engine, "searchPath">;
  #value: string | null;

  /** `value` is what earlier files left; null when it is that of a new session. */
  constructor(engine: Pick<Engine, "searchPath">, value: string | null = null) {
    this.#engine = engine;
    this.#value = value;
  }

  /** The search path in force; null when it is that of a new session. */
  get value(): string | null {
    return this.#value;
  }

  /** Makes a session that has its defaults that of the earlier files. */
  async begin(database: ScratchDatabase): Promise<void> {
    const { searchPath } = this.#engine;
    if (this.#value !== null && searchPath !== undefined) {
      await database.exec(searchPath.set(this.#value));
    }
  }

  /** Runs `reset` after a script, and remembers what it took back. */
  async end(database: ScratchDatabase, script: Script, reset: () => Promise<void>): Promise<void> {
    const { searchPath } = this.#engine;
    const isOpen = searchPath !== undefined && script.keepsSession === true &&
      searchPath.isNamedIn(script.text);
    if (!isOpen) return await reset();
    const read = async () => (await database.query<{ value: string }>(searchPath.read))[0]?.value;
    const left = await read();
    await reset();
    this.#value = left === undefined || left === await read() ? null : left;
  }
}
