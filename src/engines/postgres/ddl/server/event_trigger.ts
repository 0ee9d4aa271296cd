/** Event triggers. */

import type { SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { literal, reference } from "../../quote.ts";
import { type BelongingRefs, belongings } from "../clauses/metadata.ts";
import { renameGlobal } from "../clauses/rename.ts";
import { planned, text, texts } from "../clauses/statement.ts";

/** CREATE EVENT TRIGGER; it is made last, so that it does not fire for what the migration does before. */
export const eventTrigger: ObjectKind = {
  kind: "event trigger",
  rank: 99,
  slots: (object) => [`event trigger ${object.name}`],
  create: (object, _members, context) => {
    const tags = texts(object, "tags");
    return [
      planned(
        object,
        [
          `CREATE EVENT TRIGGER ${reference(object.name)} ON ${text(object, "event")}`,
          ...tags.length === 0 ? [] : [`WHEN TAG IN (${tags.map(literal).join(", ")})`],
          `EXECUTE FUNCTION ${text(object, "function")}()`,
        ].join("\n  "),
        `Event trigger ${object.name} is new`,
      ),
      ...text(object, "enabled") === null ? [] : [enabling(object)],
      ...belongings(null, object, refs(object), context),
    ];
  },
  drop: (object) => [
    planned(
      object,
      `DROP EVENT TRIGGER ${reference(object.name)}`,
      `Event trigger ${object.name} is gone`,
    ),
  ],
  alter: ({ before, after, facts }, context) =>
    ["event", "tags", "function"].some((fact) => facts.includes(fact)) ? "replace" : {
      statements: [
        ...facts.includes("enabled") ? [enabling(after)] : [],
        ...belongings(before, after, refs(after), context),
      ],
    },
  rename: (before, after) => renameGlobal("EVENT TRIGGER", before, after),
};

function refs(object: SchemaObject): BelongingRefs {
  const ref = `EVENT TRIGGER ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: null };
}

function enabling(object: SchemaObject) {
  const enabled = text(object, "enabled");
  const how = enabled === null
    ? "ENABLE"
    : enabled === "disabled"
    ? "DISABLE"
    : `ENABLE ${enabled.toUpperCase()}`;
  return planned(
    object,
    `ALTER EVENT TRIGGER ${reference(object.name)} ${how}`,
    `Event trigger ${object.name} fires ${enabled === null ? "as usual" : `as ${enabled}`}`,
  );
}
