/** How Django applies the migrations of one app up to one. */

import { labelFrom } from "./migration.ts";

/**
 * `migrate APP NAME` alone takes other apps only as far as the app depends on them: they are applied as a whole first, as they are
 * wherever the application runs.
 */
export function replayCommand(folder: string): readonly string[] {
  const app = labelFrom(folder) ?? "app";
  const code = [
    "from django.core.management import call_command as run",
    "from django.db.migrations.loader import MigrationLoader",
    `[run('migrate', app, verbosity=0) for app in sorted(MigrationLoader(None).migrated_apps - {'${app}'})]`,
    `run('migrate', '${app}', '{name}', verbosity=0)`,
  ];
  return ["python3", "manage.py", "shell", "-c", code.join("; ")];
}
