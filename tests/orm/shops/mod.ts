/** The shop in all tools that are installed by their language's registry in a minute. */

import { django } from "./django.ts";
import { drizzle } from "./drizzle.ts";
import { mikroorm } from "./mikroorm.ts";
import { sequelize } from "./sequelize.ts";
import type { Shop } from "./shop.ts";
import { sqlalchemy } from "./sqlalchemy.ts";
import { typeorm } from "./typeorm.ts";

/** One for each tool. */
export const SHOPS: readonly Shop[] = [django, sqlalchemy, drizzle, typeorm, sequelize, mikroorm];
