/** The rules. */

import { dropColumn } from "./drop_column.ts";
import { indexNotConcurrent } from "./index_not_concurrent.ts";
import { missingLockTimeout } from "./missing_lock_timeout.ts";
import type { Rule } from "./rule.ts";
import { tableRewrite } from "./table_rewrite.ts";

/** All rules, worst first. */
export const RULES: readonly Rule[] = [
  dropColumn,
  tableRewrite,
  indexNotConcurrent,
  missingLockTimeout,
];
