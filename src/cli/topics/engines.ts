/** `aim help engines`. */

import { ENGINES } from "../../engines/all.ts";

/** The topic as Markdown. */
export function enginesText(): string {
  return [
    "# Engines",
    "The engine is the database that the migrations are for, set by `engine` in `aim.toml` or by `--engine`: a name, or a name and the version that is deployed (`postgres-16`, `sqlite-3.35`). With a version the migration is made for that one, and a note says so where it is proven on another. The bare `postgres` keeps to what version 13 and later take, unless the schema itself uses more.",
    "Scratch databases run in a runtime. The first of an engine's runtimes that can serve is taken; `--runtime` names another one, and a built-in runtime that is named so proves on its own version and says so. `aim doctor` shows which can serve here, and why others cannot.",
    "`local` is a Postgres server that aim starts from programs on this machine: installed ones, those below the folders of `AIM_SERVERS`, or those that `aim runtime add postgres-17` fetched. Scripts do not run as a superuser there; `--allow-superuser` lets them. `docker` is a container of `postgres:<version>`, or of the image that `[docker] postgres` names, by Docker or Podman; it has no network, and scripts are its superuser. `url` is the server of `--dev-url` or `AIM_DEV_URL`: scratch databases are created there under names of their own and dropped. Where none has the version, the built-in one proves, and a note says so; `--exact` (or `exact = true`) ends the run with what is missing instead.",
    "Of MySQL and MariaDB, `local` is a server program of this machine as well, and `aim runtime add mariadb-11.4` fetches one; `docker` is a container of `mysql:<version>` or `mariadb:<version>`, or of the image that `[docker] mysql` or `mariadb` names; with `url` (`mysql://user@host:3306/?ssl-mode=VERIFY_IDENTITY`) scripts run as an account that reaches the scratch database alone.",
    ENGINES.map(({ dialect, runtimes }) =>
      `- \`${dialect}\`: ${runtimes.map(({ name }) => `\`${name}\``).join(", ")}`
    ).join("\n"),
  ].join("\n\n") + "\n";
}
