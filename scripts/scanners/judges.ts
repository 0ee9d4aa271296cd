/** The judges by dialect. */

import type { Judge } from "./judge.ts";
import { postgresJudge } from "./postgres.ts";
import { PIECES as POSTGRES } from "./postgres_pieces.ts";
import { PIECES as SQLITE, sqliteJudge } from "./sqlite.ts";
import type { Pieces } from "./texts.ts";

/** One dialect's texts and their judge. */
export interface Dialect {
  readonly dialect: string;
  readonly pieces: Pieces;
  judge(): Promise<Judge>;
}

/** Every dialect that has a server here. */
export const JUDGES: readonly Dialect[] = [
  { dialect: "sqlite", pieces: SQLITE, judge: sqliteJudge },
  { dialect: "postgres", pieces: POSTGRES, judge: postgresJudge },
];
