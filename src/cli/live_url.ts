/** Where the live database of a command is: `--url`, then AIM_DATABASE_URL, then the variable that aim.toml names. */

import { UsageError } from "../core/error.ts";
import type { LiveAddress, Project } from "../pipeline/mod.ts";
import type { Context, Flag } from "./command.ts";
import { rememberPassword } from "./open.ts";

/** The flags of every command that reads a live database. */
export const LIVE_FLAGS: readonly Flag[] = [
  {
    name: "url",
    value: "URL",
    summary: "The live database; AIM_DATABASE_URL instead keeps it out of lists of processes",
  },
];

/** That of those that read its schema. */
export const PRIVILEGES_FLAG: Flag = {
  name: "privileges",
  summary: "Owners and privileges count as well",
};

/** What these commands say of addresses, for their help. */
export const LIVE_MORE =
  "The address is that of `--url`, else of AIM_DATABASE_URL, else of the variable that `url_env` in `[live]` of aim.toml names. The database is only read: by queries of aim's own, in one short transaction that waits two seconds for a lock and half a minute for an answer.";

/** The address; its password is taken out of all output from now on. Throws UsageError where none is given. */
export function liveAddress({ flags, variables }: Context, { config }: Project): LiveAddress {
  const name = config.liveUrlEnv;
  if (name !== null && !/^[A-Za-z_]\w*$/.test(name)) {
    rememberPassword(name);
    throw new UsageError("Cannot use url_env in aim.toml: it is not the name of a variable", {
      code: "live-url",
      hint:
        'write url_env = "DATABASE_URL"; an address with its password does not belong into a file',
    });
  }
  const url = flags.text("url") ?? flags.text("from") ?? filled(variables.AIM_DATABASE_URL) ??
    (name === null ? undefined : filled(variables[name]));
  if (url === undefined) {
    throw new UsageError(
      name === null
        ? "Cannot tell which database is meant: no address is given"
        : `Cannot tell which database is meant: the variable ${name} is not set`,
      { code: "live-url", hint: "set AIM_DATABASE_URL, or pass --url" },
    );
  }
  rememberPassword(url);
  return { url: url.trim(), variables, privileges: flags.on("privileges") };
}

/** Whether an address is given at all. */
export function hasLiveAddress({ flags, variables }: Context, { config }: Project): boolean {
  const name = config.liveUrlEnv;
  return flags.text("url") !== null || filled(variables.AIM_DATABASE_URL) !== undefined ||
    name !== null && filled(variables[name]) !== undefined;
}

/** Whether this run is given a database; one that aim.toml names is for the commands that are about it. */
export function hasUrl({ flags, variables }: Pick<Context, "flags" | "variables">): boolean {
  return flags.text("url") !== null || filled(variables.AIM_DATABASE_URL) !== undefined;
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}
