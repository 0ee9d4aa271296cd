/** Random schemas of MySQL and MariaDB and random edits of them: one generator, what differs is its vocabulary. */

import { editCode } from "./mysql/code.ts";
import { addTable, editTable, type Hand } from "./mysql/edit.ts";
import type { Model } from "./mysql/model.ts";
import { print } from "./mysql/print.ts";
import { tidy } from "./mysql/tidy.ts";
import { VOCABULARIES } from "./mysql/vocabulary.ts";
import type { Random } from "./random.ts";

/** The generator for one of the servers. */
export function schemasOf(server: "mysql" | "mariadb"): {
  /** A random schema of a few tables. */
  randomModel(random: Random): Model;
  /** A copy with up to `most` random edits of all kinds. */
  editModel(model: Model, random: Random, most: number): Model;
  /** The schema as a script. */
  printModel(model: Model): string;
} {
  const words = VOCABULARIES[server];
  return {
    randomModel(random) {
      const model: Model = {
        tables: [],
        views: [],
        triggers: [],
        routines: [],
        events: [],
        sequences: [],
      };
      for (let n = random.int(1, 4); n > 0; n--) addTable({ model, random, words });
      for (let n = random.int(2, 12); n > 0; n--) edit({ model, random, words });
      for (const one of [...model.tables, ...model.tables.flatMap(({ columns }) => columns)]) {
        one.was = null;
      }
      return tidy(model, words);
    },
    editModel(model, random, most) {
      const copy = structuredClone(model);
      for (let n = random.int(1, most); n > 0; n--) edit({ model: copy, random, words });
      keepRenames(model, copy);
      return tidy(copy, words);
    },
    printModel: (model) => print(model, words),
  };
}

function edit(hand: Hand): void {
  const { model, random } = hand;
  if (model.tables.length === 0 || random.chance(0.08)) addTable(hand);
  else if (random.chance(0.7)) editTable(hand);
  else editCode(hand);
}

/** A new name is one where the old one was there and is no more. */
function keepRenames(before: Model, after: Model): void {
  for (const table of after.tables) {
    const old = before.tables.find(({ name }) => name === (table.was ?? table.name));
    const isGone = !after.tables.some(({ name }) => name === table.was);
    if (old === undefined || !isGone) table.was = null;
    for (const column of table.columns) {
      const isThere = old?.columns.some(({ name }) => name === column.was) ?? false;
      const isOld = table.columns.some(({ name }) => name === column.was);
      if (!isThere || isOld) column.was = null;
    }
  }
}
