import type { OrmTool } from "../orm.ts";

/** Prisma: its own schema engine is embedded, so neither Node.js nor a command is needed. */
export const prisma: OrmTool = {
  name: "prisma",
  title: "Prisma",
  door: "print",
  command: null,
  dialects: ["postgres", "sqlite"],
  says: ["enum"],
  blurs: ["enum order", "unique constraint"],
  unsaid: null,
  models: ["prisma/schema.prisma"],
  script: null,
  signs: [{ files: ["prisma/schema.prisma", "schema.prisma"] }],
};
