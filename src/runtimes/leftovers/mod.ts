/**
 * Nothing is left behind: what a run starts is written down first, in the user's state folder, and what a killed run left is ended by
 * the next one, or by `aim doctor --clean`.
 *
 * A runtime that starts something:
 *
 *     const data = await mkdtemp(join(tmpdir(), "aim-pg-"));           // a name that is chosen first, beginning with `aim-`
 *     const registration = await registerStart({ kind: "server", folder: data, folders: [sockets] });
 *     ... initdb -D data, postgres -D data ...                         // the command line names the folder
 *     ... at the end, when the process is gone and the folders are removed:
 *     await registration.forget();
 *
 * A folder is registered before it is filled and before a program is started on it: whoever finds the record ends every process whose
 * command line names the folder or something in it, then removes the folders, and a folder or a process that is not there is no error. So choose
 * the name, register, and make the folder after that (`mkdir`) where a kill between the two matters. Use real paths: `realpath` of the
 * folder for temporary files first. Put what a folder may hold outside of the disk (shared memory) into it: Postgres with
 * `dynamic_shared_memory_type=mmap`. To end a run's own server in a hurry, `endServer` does the same and may be called at any time.
 *
 * Databases on a server that others use are not registered here: they are found by their names and the sessions of their runs
 * (`postgres_server/server.ts`), and a password is never written down.
 */

import { unlink } from "node:fs/promises";
import { later } from "../../core/later.ts";
import { deadRecords, foldersOf, registerStart, type Startable } from "./record.ts";

/** Something that was left behind, and what became of it. */
export interface Leftover {
  /** `container of run 1f2e (docker)`, or the folder of a server. */
  readonly what: string;
  /** Process number of the run. */
  readonly pid: number;
  /** Why it is still there; null when it is gone. */
  readonly problem: string | null;
}

/** Ends everything that runs which are gone have left. Does nothing where there is nothing, and never throws. */
export async function endLeftovers(): Promise<readonly Leftover[]> {
  return await Promise.all((await deadRecords()).map(async ({ path, pid, thing }) => {
    const what = describe(thing);
    try {
      await (thing.kind === "server" ? endServer(thing) : endContainers(thing));
      await unlink(path).catch(() => {});
      return { what, pid, problem: null };
    } catch (error) {
      return { what, pid, problem: error instanceof Error ? error.message : String(error) };
    }
  }));
}

function describe(thing: Startable): string {
  return thing.kind === "server"
    ? `server in ${foldersOf(thing)[0]}`
    : `container of run ${thing.run} (${thing.program})`;
}

/** Ends the containers that were registered so. */
export const endContainers = later(async () => (await import("./container.ts")).endContainers);
/** Ends the processes of a server, and removes its folders. */
export const endServer = later(async () => (await import("./server.ts")).endServer);
export { registerStart };
export type { Registration } from "./record.ts";
