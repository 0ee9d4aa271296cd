/** Makes the files that aim embeds, unless they are up to date: `deno task assets`. */

import process from "node:process";
import { ensureAssets, pruneAssets } from "../src/host/assets.ts";
import { prismaAssets } from "../src/orm/prisma/assets.ts";
import { parserAssets } from "../src/parsers/assets.ts";
import { postgres } from "../src/engines/postgres/mod.ts";
import { pgliteImageAssets } from "../src/runtimes/pglite.ts";
import { pgliteAssets } from "../src/runtimes/pglite/recipe.ts";
import { SQLJS_ASSETS } from "../src/runtimes/sqljs_parts.ts";

const { warmUp } = postgres.target(null, [], false);
const images = warmUp === undefined ? [] : [pgliteImageAssets(warmUp)];
const groups = [pgliteAssets, ...images, SQLJS_ASSETS, parserAssets, prismaAssets];
for (const group of groups) {
  if (await ensureAssets(group)) console.error(`Made assets/${group.name}-${group.key}`);
}
await pruneAssets(groups);
process.exit(0);
