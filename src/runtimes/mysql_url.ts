/** MySQL and MariaDB at an address that the user gave: a scratch database with a name of its own, and nothing else is touched. */

import { AimError, DatabaseError, SetupError } from "../core/error.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { type Confinement, confinementOf } from "./mysql_remote/account.ts";
import { connect } from "./mysql_remote/connect.ts";
import { parseMysqlUrl, shownAddress } from "./mysql_remote/parse_url.ts";
import { RemoteRun } from "./mysql_remote/run.ts";
import { RemoteServer } from "./mysql_remote/server.ts";
import type { Session } from "./mysql_server/session.ts";
import type { Runtime, Server, Target } from "./runtime.ts";
import { isOf } from "./version.ts";

/** See the module's comment. */
export const mysqlUrl: Runtime = {
  name: "url",

  async refuses(target: Target): Promise<string | null> {
    const { devUrl, version, anyVersion } = target;
    if (devUrl === undefined) return "no server is given by --dev-url or AIM_DEV_URL";
    const found = await lookAt(devUrl);
    if (typeof found === "string") return found;
    if (found.family !== target.dialect) {
      return `the server is ${NAMES[found.family]} ${found.version}, not ${
        target.dialect === "mysql" ? NAMES.mysql : NAMES.mariadb
      }`;
    }
    if (found.confinement.kind === "none") return found.confinement.reason;
    if (target.definers === true) {
      return 'its accounts may not state definers, which definer = "strict" needs';
    }
    return version === null || anyVersion || isOf(found.version, version)
      ? null
      : `the server is ${NAMES[found.family]} ${found.version}, not ${version}`;
  },

  async start(target, { emit, signal, limits = DEFAULT_LIMITS }): Promise<Server> {
    signal.throwIfAborted();
    const address = parseMysqlUrl(target.devUrl ?? "");
    const found = await lookAt(target.devUrl ?? "");
    if (typeof found === "string") throw new SetupError(found, { code: "no-runtime" });
    if (found.runsEvents) {
      emit({
        type: "note",
        text: "The server runs events: those of the schema may run in the scratch database",
      });
    }
    let admin: Session | null = null;
    try {
      admin = await connect(address);
      const run = await RemoteRun.open(address, admin, { confinement: found.confinement });
      const { dialect } = target;
      const { version } = found;
      return new RemoteServer({ run, limits, signal, dialect }, { runtime: "url", version });
    } catch (error) {
      admin?.close();
      throw error instanceof DatabaseError
        ? new SetupError(`Cannot use the server ${shownAddress(address)}: ${error.message}`, {
          code: "no-runtime",
          cause: error,
        })
        : error;
    }
  },
};

const NAMES = { mysql: "MySQL", mariadb: "MariaDB" } as const;

interface Seen {
  readonly family: "mysql" | "mariadb";
  /** `10.11.19` */
  readonly version: string;
  readonly confinement: Confinement;
  /** Its event scheduler is on. */
  readonly runsEvents: boolean;
}

/** What was seen of a server, or why nothing, by its address: it is asked once. */
const seen = new Map<string, Promise<Seen | string>>();

function lookAt(devUrl: string): Promise<Seen | string> {
  const known = seen.get(devUrl) ?? look(devUrl);
  seen.set(devUrl, known);
  return known;
}

async function look(devUrl: string): Promise<Seen | string> {
  const address = parseMysqlUrl(devUrl);
  try {
    const session = await connect(address);
    try {
      const [row] = await session.ask<{ version: string; events: string }>(
        "SELECT VERSION() AS version, @@GLOBAL.event_scheduler AS events",
        1 << 16,
      );
      const { version = "", events = "" } = row ?? {};
      return {
        family: /mariadb/i.test(version) ? "mariadb" : "mysql",
        version: /^\d+\.\d+\.\d+/.exec(version)?.[0] ?? "",
        confinement: await confinementOf(session),
        runsEvents: events === "ON",
      };
    } finally {
      session.close();
    }
  } catch (error) {
    if (error instanceof AimError && !(error instanceof DatabaseError)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return `the server ${shownAddress(address)} cannot be used: ${reason}`;
  }
}
