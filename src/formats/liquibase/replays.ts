/** How Liquibase itself applies changesets that aim does not translate. */

import type { ReplayCommand, ReplayPlace } from "../format.ts";
import { jdbcAddress } from "../transaction_mode.ts";
import { firstChangelog } from "./changelog.ts";

/** Folders from whose inside Java finds its files. */
const CLASSPATH = /^(.*\bresources)\/(.+)$/;

/** `update-count` of as many changesets as aim cannot read all of; the address comes by variables. */
export function replayCommand({ folder, files, dialect }: ReplayPlace): ReplayCommand {
  const first = firstChangelog(files)?.path ?? "changelog.xml";
  const path = `${folder.replace(/\/+$/, "")}/${first}`;
  const [, root = ".", own = path] = CLASSPATH.exec(path) ?? [];
  return {
    command: [
      "liquibase",
      `--search-path=${root}`,
      `--changelog-file=${own}`,
      "update-count",
      "--count={count}",
    ],
    env: {
      LIQUIBASE_COMMAND_URL: jdbcAddress(dialect),
      LIQUIBASE_COMMAND_USERNAME: "{user}",
      LIQUIBASE_COMMAND_PASSWORD: "{password}",
    },
  };
}
