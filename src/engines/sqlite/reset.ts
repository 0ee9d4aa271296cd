/** What gives a connection its defaults back. */

/** Connections begin with these. */
export const RESET = `
PRAGMA foreign_keys = OFF;
PRAGMA legacy_alter_table = OFF;
PRAGMA recursive_triggers = OFF;
PRAGMA ignore_check_constraints = OFF;
PRAGMA writable_schema = OFF;
PRAGMA query_only = OFF;
PRAGMA full_column_names = OFF;
PRAGMA short_column_names = ON;
PRAGMA reverse_unordered_selects = OFF;`;
