/** The tools whose models can be a schema. A new one is a file in `tools/` and a line here. */

import { UsageError } from "../core/error.ts";
import { didYouMean } from "../text/nearest.ts";
import type { OrmTool } from "./orm.ts";
import { django } from "./tools/django.ts";
import { drizzle } from "./tools/drizzle.ts";
import { ent } from "./tools/ent.ts";
import { gorm } from "./tools/gorm.ts";
import { hibernate } from "./tools/hibernate.ts";
import { mikroorm } from "./tools/mikroorm.ts";
import { prisma } from "./tools/prisma.ts";
import { rails } from "./tools/rails.ts";
import { sequelize } from "./tools/sequelize.ts";
import { sqlalchemy } from "./tools/sqlalchemy.ts";
import { typeorm } from "./tools/typeorm.ts";

export { commandFault, shownCommand } from "./command_fault.ts";
export { commandEnvironment, isForbidden } from "./environment.ts";
export { withoutTalk } from "./ddl_text.ts";
export { type Command, type Finished, runCommand } from "./run_command.ts";

/** All tools, the commonest first. */
export const ORM_TOOLS: readonly OrmTool[] = [
  prisma,
  drizzle,
  django,
  sqlalchemy,
  typeorm,
  sequelize,
  mikroorm,
  gorm,
  ent,
  hibernate,
  rails,
];

/** Finds a tool. Throws UsageError for a name that none has. */
export function toolNamed(name: string): OrmTool {
  const found = ORM_TOOLS.find((tool) => tool.name === name);
  if (found !== undefined) return found;
  const names = ORM_TOOLS.map((tool) => tool.name);
  throw new UsageError(`Unknown tool "${name}" in orm.tool`, {
    code: "orm-tool",
    hint: didYouMean(name, names) ??
      `the tools are ${names.join(", ")}; for another one set orm.command alone`,
  });
}
