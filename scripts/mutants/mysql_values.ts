/** Types and values of columns for random statements. */

import type { Column, Scene } from "./mysql.ts";

/** A type with what follows it; most that are picked keep the data of another. */
export function columnType({ random, isMariadb, column, newName }: Scene): string {
  const shared = [
    "int",
    "int unsigned NOT NULL DEFAULT 3",
    "bigint NOT NULL",
    "tinyint(1) NOT NULL DEFAULT 0",
    "varchar(40)",
    "varchar(10) NOT NULL DEFAULT 'x'",
    "varchar(60) CHARACTER SET latin1",
    "varchar(60) COLLATE utf8mb4_bin NOT NULL",
    "char(5) CHARACTER SET ascii",
    "text",
    "mediumtext NOT NULL",
    "longblob",
    "varbinary(30)",
    "decimal(10,2) DEFAULT 1.50",
    "double",
    "datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
    "timestamp(3) NULL DEFAULT NULL",
    "date",
    "time(2)",
    "year",
    "json",
    "bit(4) DEFAULT b'101'",
    "enum('a','b','it''s') DEFAULT 'a'",
    "enum('b','a')",
    "set('x','y') NOT NULL",
    "point",
    "int COMMENT 'new'",
    "varchar(30) DEFAULT (uuid())",
  ];
  const own = isMariadb
    ? [
      "varchar(40) COMPRESSED",
      "int INVISIBLE",
      "uuid",
      "inet6",
      "int CHECK (1)",
      "int WITHOUT SYSTEM VERSIONING",
    ]
    : [
      "int INVISIBLE",
      "point SRID 4326",
      "json DEFAULT (json_array())",
      `int, ADD KEY ${newName("key")} (${"`"}${column.name.replaceAll("`", "``")}${"`"})`,
    ];
  return random.pick(random.chance(0.2) ? own : shared);
}

/** True for a column that its type and NOT NULL alone describe. */
export function isGeneric({ extra }: Column): boolean {
  return extra === "";
}

/** A value that may be a default of the column. */
export function literalFor({ type }: Column): string {
  if (/int|decimal|double|float|bit/i.test(type)) return "7";
  if (/^(?:datetime|timestamp)/i.test(type)) return "'2020-01-01 00:00:00'";
  if (/^date/i.test(type)) return "'2020-01-01'";
  const label = /^(?:enum|set)\(('(?:[^']|'')*')/i.exec(type)?.[1];
  return label ?? "'d'";
}
