/** Random statements on a MySQL or MariaDB database: one definition each, since none of them can be undone. */

import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";
import type { Random } from "../../tests/property/random.ts";
import type { Edit } from "./mutate.ts";
import { columnType, isGeneric, literalFor } from "./mysql_values.ts";

/** A column as the catalog has it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: string;
  readonly extra: string;
}

interface Member {
  readonly kind: string;
  readonly name: string;
}

/** What statements are made of. */
export interface Scene {
  readonly random: Random;
  readonly newName: (word: string) => string;
  readonly isMariadb: boolean;
  /** A table, quoted, and another that may be the same. */
  readonly table: string;
  readonly other: string;
  readonly column: Column;
  readonly second: Column;
  readonly otherColumn: Column;
  /** Indexes and constraints of the table. */
  readonly members: readonly Member[];
  /** Views, routines, triggers, events, sequences. */
  readonly code: readonly Member[];
}

/** Adds, drops, renames and rewrites what a database of this family can hold. */
export const editMysql: Edit = async (database, random, newName) => {
  const tables = await database.query<{ readonly name: string }>(
    `SELECT table_name AS name
     FROM information_schema.tables
     WHERE table_schema = database() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
     ORDER BY table_name`,
  );
  if (tables.length === 0) return null;
  const [table, other] = [random.pick(tables).name, random.pick(tables).name];
  const [columns, others] = [await columnsOf(database, table), await columnsOf(database, other)];
  if (columns.length === 0 || others.length === 0) return null;
  const scene: Scene = {
    random,
    newName,
    isMariadb: database.dialect === "mariadb",
    table: quote(table),
    other: quote(other),
    column: random.pick(columns),
    second: random.pick(columns),
    otherColumn: random.pick(others),
    members: await membersOf(database, table),
    code: await codeOf(database),
  };
  const edits = [...COLUMN_EDITS, ...COLUMN_EDITS, ...TABLE_EDITS, ...MEMBER_EDITS, ...CODE_EDITS];
  return random.pick(edits)(scene);
};

type MakeEdit = (scene: Scene) => string | null;

const COLUMN_EDITS: readonly MakeEdit[] = [
  ({ table, column }) => `ALTER TABLE ${table} DROP COLUMN ${quote(column.name)}`,
  ({ table, column, newName }) =>
    `ALTER TABLE ${table} RENAME COLUMN ${quote(column.name)} TO ${newName("renamed")}`,
  (scene) => {
    const place = scene.random.pick(["", "", " FIRST", ` AFTER ${quote(scene.second.name)}`]);
    return `ALTER TABLE ${scene.table} ADD COLUMN ${scene.newName("column")} ${
      columnType(scene)
    }${place}`;
  },
  (scene) =>
    `ALTER TABLE ${scene.table} MODIFY COLUMN ${quote(scene.column.name)} ${columnType(scene)}`,
  ({ table, column, random }) =>
    isGeneric(column)
      ? `ALTER TABLE ${table} MODIFY COLUMN ${quote(column.name)} ${column.type} ${
        random.pick(["NOT NULL", "NULL", "COMMENT 'it''s'", "NOT NULL COMMENT ''"])
      }`
      : null,
  ({ table, column, random }) =>
    `ALTER TABLE ${table} ALTER COLUMN ${quote(column.name)} ${
      random.pick(["DROP DEFAULT", `SET DEFAULT ${literalFor(column)}`, "SET DEFAULT NULL"])
    }`,
  ({ table, column, newName, random }) =>
    `ALTER TABLE ${table} ADD COLUMN ${newName("made")} ${
      random.pick(["varchar(40)", "int", "char(3) CHARACTER SET latin1"])
    } AS (${
      random.pick([
        `length(${quote(column.name)})`,
        `coalesce(${quote(column.name)}, '1')`,
        `if(${quote(column.name)} is null, 0, 1)`,
      ])
    }) ${random.pick(["VIRTUAL", "STORED"])}`,
  ({ table, column, isMariadb, random }) =>
    isMariadb || random.chance(0.5)
      ? null
      : `ALTER TABLE ${table} ALTER COLUMN ${quote(column.name)} SET ${
        random.pick(["INVISIBLE", "VISIBLE"])
      }`,
];

const TABLE_EDITS: readonly MakeEdit[] = [
  ({ table, newName }) => `ALTER TABLE ${table} RENAME TO ${newName("table")}`,
  ({ table }) => `DROP TABLE ${table}`,
  ({ table, newName }) => `CREATE TABLE ${newName("copy")} LIKE ${table}`,
  ({ table, random }) =>
    `ALTER TABLE ${table} ${
      random.pick([
        "COMMENT='a ''comment'''",
        "COMMENT=''",
        "ROW_FORMAT=COMPACT",
        "ROW_FORMAT=DYNAMIC",
        "ROW_FORMAT=DEFAULT",
        "ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8",
        "STATS_PERSISTENT=0",
        "STATS_PERSISTENT=DEFAULT",
        "CHECKSUM=1",
        "AUTO_INCREMENT=1000",
        "ENGINE=MyISAM",
        "ENGINE=InnoDB",
        "DEFAULT CHARACTER SET latin1",
        "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        "CONVERT TO CHARACTER SET latin1",
      ])
    }`,
  ({ table, column, random, newName }) =>
    `ALTER TABLE ${table} PARTITION BY ${
      random.pick([
        `HASH (${quote(column.name)}) PARTITIONS ${random.int(1, 4)}`,
        `KEY (${quote(column.name)}) PARTITIONS 2`,
        `RANGE (${quote(column.name)}) (PARTITION ${
          newName("p")
        } VALUES LESS THAN (10), PARTITION ${newName("p")} VALUES LESS THAN MAXVALUE)`,
        `LIST (${quote(column.name)}) (PARTITION ${newName("p")} VALUES IN (1, 2), PARTITION ${
          newName("p")
        } VALUES IN (3))`,
        `RANGE COLUMNS (${quote(column.name)}) SUBPARTITION BY KEY () SUBPARTITIONS 2 (PARTITION ${
          newName("p")
        } VALUES LESS THAN ('2030-01-01'), PARTITION ${newName("p")} VALUES LESS THAN (MAXVALUE))`,
      ])
    }`,
  ({ table }) => `ALTER TABLE ${table} REMOVE PARTITIONING`,
  ({ table, isMariadb, random }) =>
    isMariadb
      ? `ALTER TABLE ${table} ${random.pick(["ADD SYSTEM VERSIONING", "DROP SYSTEM VERSIONING"])}`
      : null,
  ({ newName, other, otherColumn, random }) =>
    `CREATE TABLE ${
      newName("child")
    } (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, x ${otherColumn.type} ${
      random.pick(["", "NOT NULL"])
    }, note text, CHECK (id > 0), FOREIGN KEY (x) REFERENCES ${other} (${
      quote(otherColumn.name)
    }) ON DELETE ${random.pick(["CASCADE", "RESTRICT", "NO ACTION"])})`,
];

const MEMBER_EDITS: readonly MakeEdit[] = [
  ({ table, column, second, newName, random }) =>
    `CREATE ${random.pick(["", "", "UNIQUE", "FULLTEXT"])} INDEX ${newName("index")} ON ${table} (${
      quote(column.name)
    }${random.pick(["", "", " DESC", "(5)"])}${
      column.name === second.name || random.chance(0.5) ? "" : `, ${quote(second.name)}`
    }) ${random.pick(["", "", "COMMENT 'x'", "USING BTREE"])}`,
  ({ table, column, newName, isMariadb }) =>
    isMariadb
      ? null
      : `CREATE INDEX ${newName("functional")} ON ${table} ((lower(${quote(column.name)})))`,
  ({ table, members, random, newName }) => {
    const indexes = members.filter(({ kind }) => kind === "index");
    if (indexes.length === 0) return null;
    const name = quote(random.pick(indexes).name);
    return `ALTER TABLE ${table} ${
      random.pick([`DROP INDEX ${name}`, `RENAME INDEX ${name} TO ${newName("index")}`])
    }`;
  },
  ({ table, members, random, isMariadb }) => {
    const indexes = members.filter(({ kind }) => kind === "index");
    if (indexes.length === 0) return null;
    return `ALTER TABLE ${table} ALTER INDEX ${quote(random.pick(indexes).name)} ${
      random.pick(isMariadb ? ["IGNORED", "NOT IGNORED"] : ["INVISIBLE", "VISIBLE"])
    }`;
  },
  ({ table, members, random }) => {
    const constraints = members.filter(({ kind }) => kind !== "index" && kind !== "PRIMARY KEY");
    if (constraints.length === 0) return null;
    const { kind, name } = random.pick(constraints);
    return `ALTER TABLE ${table} DROP ${kind === "FOREIGN KEY" ? kind : "CONSTRAINT"} ${
      quote(name)
    }`;
  },
  ({ table, column, newName, random, isMariadb }) =>
    `ALTER TABLE ${table} ADD ${random.pick(["", `CONSTRAINT ${newName("check")} `])}CHECK (${
      quote(column.name)
    } ${random.pick(["IS NOT NULL", "<> '7'", "> 0"])})${
      !isMariadb && random.chance(0.3) ? " NOT ENFORCED" : ""
    }`,
  ({ table, column, other, otherColumn, newName, random }) =>
    `ALTER TABLE ${table} ADD ${random.pick(["", `CONSTRAINT ${newName("fk")} `])}FOREIGN KEY (${
      quote(column.name)
    }) REFERENCES ${other} (${quote(otherColumn.name)}) ${
      random.pick(["", "ON DELETE CASCADE", "ON DELETE SET NULL ON UPDATE CASCADE"])
    }`,
  ({ table }) => `ALTER TABLE ${table} DROP PRIMARY KEY`,
  ({ table, column, second }) =>
    `ALTER TABLE ${table} DROP PRIMARY KEY, ADD PRIMARY KEY (${
      [...new Set([column.name, second.name])].map(quote).join(", ")
    })`,
];

const CODE_EDITS: readonly MakeEdit[] = [
  ({ code, random }) => {
    if (code.length === 0) return null;
    const { kind, name } = random.pick(code);
    return `DROP ${kind} ${quote(name)}`;
  },
  ({ table, column, newName, random }) =>
    `CREATE ${random.pick(["", "ALGORITHM=MERGE", "SQL SECURITY INVOKER"])} VIEW ${
      newName("view")
    } AS SELECT ${quote(column.name)} AS x, count(*) AS n FROM ${table} GROUP BY ${
      quote(column.name)
    }`
      .replace("ALGORITHM=MERGE VIEW", "ALGORITHM=TEMPTABLE VIEW"),
  ({ table, newName, random }) =>
    `CREATE VIEW ${newName("view")} AS SELECT * FROM ${table} WHERE 1 = 1 ${
      random.pick(["", "WITH CASCADED CHECK OPTION", "WITH LOCAL CHECK OPTION"])
    }`,
  ({ code, random, table }) => {
    const views = code.filter(({ kind }) => kind === "VIEW");
    if (views.length === 0) return null;
    return `CREATE OR REPLACE VIEW ${
      quote(random.pick(views).name)
    } AS SELECT count(*) AS n FROM ${table}`;
  },
  ({ table, newName, random }) =>
    `CREATE TRIGGER ${newName("trigger")} ${random.pick(["BEFORE", "AFTER"])} ${
      random.pick(["INSERT", "UPDATE", "DELETE"])
    } ON ${table} FOR EACH ROW ${
      random.pick(["SET @n = 1", "BEGIN DECLARE a int; SET a = 1; SET @n = a; END"])
    }`,
  ({ newName, random, table }) =>
    `CREATE FUNCTION ${newName("f")} (a int) RETURNS ${
      random.pick(["int", "varchar(20) CHARSET latin1"])
    } ${random.pick(["DETERMINISTIC", "READS SQL DATA", "NO SQL"])} ${
      random.pick(["RETURN a + 1", `RETURN (SELECT count(*) FROM ${table})`])
    }`,
  ({ newName, random, table }) =>
    `CREATE PROCEDURE ${newName("p")} (IN a int, OUT b varchar(10)) ${
      random.pick(["", "COMMENT 'c'", "SQL SECURITY INVOKER"])
    } BEGIN SELECT count(*) INTO b FROM ${table}; END`,
  ({ newName, random, table }) =>
    `CREATE EVENT ${newName("event")} ON SCHEDULE ${
      random.pick([
        "EVERY 1 DAY STARTS '2030-01-01 00:00:00'",
        "EVERY '1:30' HOUR_MINUTE",
        "AT '2038-01-01 00:00:00'",
        "EVERY 2 WEEK STARTS '2030-01-01' ENDS '2031-01-01'",
      ])
    } ${
      random.pick(["", "ON COMPLETION PRESERVE", "DISABLE", "COMMENT 'e'"])
    } DO DELETE FROM ${table} WHERE 1 = 0`,
  ({ newName, random, isMariadb }) =>
    isMariadb
      ? `CREATE SEQUENCE ${newName("numbers")} ${
        random.pick(["", "START WITH 5 INCREMENT BY 2", "MAXVALUE 1000 CYCLE", "NOCACHE"])
      }`
      : null,
];

async function columnsOf(database: ScratchDatabase, table: string): Promise<readonly Column[]> {
  return await database.query<Column>(
    `SELECT column_name AS name, column_type AS type, is_nullable AS nullable, extra AS extra
     FROM information_schema.columns
     WHERE table_schema = database() AND table_name = ${text(table)}
     ORDER BY ordinal_position`,
  );
}

async function membersOf(database: ScratchDatabase, table: string): Promise<readonly Member[]> {
  return await database.query<Member>(
    `SELECT DISTINCT 'index' AS kind, index_name AS name
     FROM information_schema.statistics
     WHERE table_schema = database() AND table_name = ${text(table)} AND index_name <> 'PRIMARY'
     UNION ALL
     SELECT constraint_type, constraint_name
     FROM information_schema.table_constraints
     WHERE table_schema = database() AND table_name = ${text(table)}
     ORDER BY 1, 2`,
  );
}

async function codeOf(database: ScratchDatabase): Promise<readonly Member[]> {
  return await database.query<Member>(
    `SELECT 'VIEW' AS kind, table_name AS name
     FROM information_schema.views WHERE table_schema = database()
     UNION ALL
     SELECT routine_type, routine_name
     FROM information_schema.routines WHERE routine_schema = database()
     UNION ALL
     SELECT 'TRIGGER', trigger_name
     FROM information_schema.triggers WHERE trigger_schema = database()
     UNION ALL
     SELECT 'EVENT', event_name
     FROM information_schema.events WHERE event_schema = database()
     UNION ALL
     SELECT 'SEQUENCE', table_name
     FROM information_schema.tables
     WHERE table_schema = database() AND table_type = 'SEQUENCE'
     ORDER BY 1, 2`,
  );
}

/** A name as SQL has it. */
function quote(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
