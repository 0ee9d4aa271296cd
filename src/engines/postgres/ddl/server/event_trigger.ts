/** Event triggers. */

import type { KindOf, ObjectOf } from "../../objects.ts";
import { literal, reference } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { renameGlobal } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";

/** CREATE EVENT TRIGGER; it is made last, so that it does not fire for what the migration does before. */
export const eventTrigger: KindOf<"event trigger"> = {
  kind: "event trigger",
  rank: 99,
  slots: (object) => [`event trigger ${object.name}`],
  create: (object, _members, context) => {
    const tags = object.facts.tags ?? [];
    return [
      planned(
        object,
        [
          `CREATE EVENT TRIGGER ${reference(object.name)} ON ${object.facts.event}`,
          ...tags.length === 0 ? [] : [`WHEN TAG IN (${tags.map(literal).join(", ")})`],
          `EXECUTE FUNCTION ${object.facts.function}()`,
        ].join("\n  "),
        `Event trigger ${object.name} is new`,
      ),
      ...object.facts.enabled === undefined ? [] : [enabling(object)],
      ...metadata(null, object, refs(object), context),
    ];
  },
  drop: (object) => [
    planned(
      object,
      `DROP EVENT TRIGGER ${reference(object.name)}`,
      `Event trigger ${object.name} is gone`,
    ),
  ],
  alter: alterBy({
    event: "replace",
    tags: "replace",
    function: "replace",
    enabled: (_before, after) => [enabling(after)],
  }, refs),
  rename: (before, after) => renameGlobal("EVENT TRIGGER", before, after),
};

function refs(object: ObjectOf<"event trigger">): MetadataRefs {
  const ref = `EVENT TRIGGER ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: null };
}

function enabling(object: ObjectOf<"event trigger">) {
  const enabled = object.facts.enabled;
  const how = enabled === undefined
    ? "ENABLE"
    : enabled === "disabled"
    ? "DISABLE"
    : `ENABLE ${enabled.toUpperCase()}`;
  return planned(
    object,
    `ALTER EVENT TRIGGER ${reference(object.name)} ${how}`,
    `Event trigger ${object.name} fires ${enabled === undefined ? "as usual" : `as ${enabled}`}`,
  );
}
