/** What a scratch database of MySQL or MariaDB must be. */

import { UsageError } from "../../core/error.ts";
import type { Target } from "../../runtimes/runtime.ts";

/** What the families are called, and a version of each. */
const NAMES = {
  mysql: { name: "MySQL", example: "8.4 or 9.7.1: mysql-8.4" },
  mariadb: { name: "MariaDB", example: "10.11 or 11.4.5: mariadb-10.11" },
} as const;

/** Makes the `target` of a family; it throws UsageError for what is no version. */
export function targetOf(
  dialect: "mysql" | "mariadb",
): (version: string | null, scripts: readonly string[], anyVersion: boolean) => Target {
  return (version, _scripts, anyVersion) => {
    if (version !== null && !/^\d{1,2}(?:\.\d{1,3}){0,2}(?:-[\w.-]+)?$/.test(version)) {
      const { name, example } = NAMES[dialect];
      throw new UsageError(`Cannot use ${name} version "${version}"`, {
        code: "engine",
        hint: `Write the version that is deployed as ${example}`,
      });
    }
    return { dialect, version, needs: [], anyVersion };
  };
}
