/** What random schemas are made of, and what differs between the two servers. */

import type { Column } from "./model.ts";
import type { Random } from "../random.ts";

/** What one of the servers has, or says in its own way. */
export interface Vocabulary {
  readonly isMariadb: boolean;
  /** Types that it alone has. */
  readonly types: readonly string[];
  readonly collations: readonly string[];
  /** An index that no query uses. */
  readonly hiddenIndex: string;
  /** Parsers of FULLTEXT indexes. */
  readonly parsers: readonly string[];
  readonly functionalIndexes: readonly string[];
  readonly notEnforced: boolean;
  readonly columnChecks: boolean;
  readonly versioning: boolean;
  readonly sequences: boolean;
  /** Options of tables by their first word, with their values. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

const OPTIONS = {
  ROW_FORMAT: ["DYNAMIC", "COMPACT", "REDUNDANT", "COMPRESSED"],
  STATS_PERSISTENT: ["0", "1"],
  STATS_AUTO_RECALC: ["0", "1"],
  STATS_SAMPLE_PAGES: ["20"],
  AVG_ROW_LENGTH: ["100"],
  MAX_ROWS: ["1000"],
  MIN_ROWS: ["10"],
  CHECKSUM: ["1"],
  DELAY_KEY_WRITE: ["1"],
  PACK_KEYS: ["0", "1"],
};

const COLLATIONS = ["utf8mb4_general_ci", "utf8mb4_bin", "latin1_swedish_ci", "ascii_bin"];

export const VOCABULARIES: Readonly<Record<"mysql" | "mariadb", Vocabulary>> = {
  mysql: {
    isMariadb: false,
    types: ["point SRID 4326", "geometry SRID 0"],
    collations: [...COLLATIONS, "utf8mb4_0900_ai_ci", "utf8mb4_de_pb_0900_as_cs"],
    hiddenIndex: "INVISIBLE",
    parsers: ["ngram"],
    functionalIndexes: ["($ + 1)", "(abs($))"],
    notEnforced: true,
    columnChecks: false,
    versioning: false,
    sequences: false,
    options: { ...OPTIONS, COMPRESSION: ["'zlib'", "'none'"], AUTOEXTEND_SIZE: ["4M"] },
  },
  mariadb: {
    isMariadb: true,
    types: ["uuid", "inet6", "inet4", "varchar(80) COMPRESSED", "int WITHOUT SYSTEM VERSIONING"],
    collations: [...COLLATIONS, "utf8mb4_unicode_ci", "uca1400_ai_ci"],
    hiddenIndex: "IGNORED",
    parsers: [],
    functionalIndexes: [],
    notEnforced: false,
    columnChecks: true,
    versioning: true,
    sequences: true,
    options: {
      ...OPTIONS,
      PAGE_CHECKSUM: ["1"],
      TRANSACTIONAL: ["1"],
      PAGE_COMPRESSED: ["1"],
    },
  },
};

export const NUMBERS = [
  "tinyint",
  "tinyint(1)",
  "smallint",
  "int",
  "bigint",
  "int unsigned",
  "bigint unsigned",
  "decimal(10,2)",
  "decimal(12,4) unsigned",
  "double",
];
export const TEXTS = [
  "varchar(10)",
  "varchar(40)",
  "varchar(300)",
  "char(5)",
  "text",
  "mediumtext",
];
export const OTHERS = [
  "date",
  "datetime",
  "datetime(3)",
  "timestamp NULL",
  "time",
  "year",
  "enum('a','b')",
  "enum('b','a','c')",
  "set('x','y')",
  "set('x','y','it''s')",
  "blob",
  "varbinary(20)",
  "bit(4)",
  "json",
  "point",
];
export const KEYS = ["int", "bigint", "int unsigned"];
export const ACTIONS = [
  "",
  "",
  " ON DELETE CASCADE",
  " ON DELETE SET NULL",
  " ON UPDATE CASCADE",
  " ON DELETE RESTRICT ON UPDATE SET NULL",
  " ON DELETE NO ACTION",
];

/** Names that want quotes, beside plain ones. */
export const ODD_NAMES = ["order", "a b", "c`1", "Größe", "Mixed", "x-y", "key"];

const DEFAULTS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:tiny|small|big)?int|^decimal|^double/, ["0", "5", "7", "(1 + 2)"]],
  [/char/, ["''", "'x'", "'it''s'", "(concat('a', 'b'))"]],
  [/text/, ["('x')", "(repeat('a', 2))"]],
  [/^datetime\(3\)/, ["'2020-01-01 00:00:00.000'", "CURRENT_TIMESTAMP(3)"]],
  [/^datetime|^timestamp/, ["'2020-01-01 00:00:00'", "CURRENT_TIMESTAMP"]],
  [/^date$/, ["'2020-01-01'", "(curdate())"]],
  [/^time$/, ["'10:00:00'"]],
  [/^year/, ["2020"]],
  [/^enum/, ["'a'", "'b'"]],
  [/^set/, ["'x'", "'x,y'", "''"]],
  [/^bit/, ["b'101'"]],
  [/^json/, ["(json_array())"]],
  [/^uuid/, ["(uuid())"]],
];

/** A default that the type takes, or null where it has none. */
export function randomDefault({ type }: Pick<Column, "type">, random: Random): string | null {
  const found = DEFAULTS.find(([pattern]) => pattern.test(type));
  return found === undefined ? null : random.pick(found[1]);
}

/** Whether a default is one of those of the type. */
export function fitsType({ type }: Pick<Column, "type">, value: string): boolean {
  const found = DEFAULTS.find(([pattern]) => pattern.test(type));
  return found?.[1].includes(value) ?? false;
}

/** What can be computed from a number, and from any column, with its type. */
export const COMPUTED: Readonly<Record<"number" | "any", readonly (readonly [string, string])[]>> =
  {
    number: [["$ + 1", "double"], ["abs($)", "double"], ["if($ > 3, 'a', 'b')", "varchar(10)"]],
    any: [["$ is null", "tinyint(1)"], ["coalesce(length($), 0)", "int"]],
  };

/** Conditions on a number that most rows fulfil. */
export const CONDITIONS = [
  "$ > -3",
  "$ <> 13",
  "$ >= -1 or $ is null",
  "$ between -100 and 10000000",
];

export const SCHEDULES = [
  "EVERY 1 DAY STARTS '2030-01-01 00:00:00'",
  "EVERY '1:30' HOUR_MINUTE",
  "AT '2038-01-01 00:00:00'",
  "EVERY 2 WEEK STARTS '2030-01-01' ENDS '2031-01-01'",
  "EVERY 3 HOUR",
];

export const SEQUENCES = [
  "",
  "START WITH 5 INCREMENT BY 2",
  "MAXVALUE 1000 CYCLE",
  "NOCACHE",
  "START WITH -1 INCREMENT BY -1 MINVALUE -500",
];
