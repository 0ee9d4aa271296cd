/** Pictures of schemas: what is new, changed and gone, and names that are hard to write. */

import assert from "node:assert/strict";
import test from "node:test";
import type { TableShape } from "../../src/core/shape.ts";
import { diagramOf } from "../../src/diagram/diagram.ts";
import { dot } from "../../src/diagram/dot.ts";
import { html } from "../../src/diagram/html.ts";
import { layout } from "../../src/diagram/layout.ts";
import { mermaid } from "../../src/diagram/mermaid.ts";
import { svg } from "../../src/diagram/svg.ts";

function table(name: string, columns: readonly string[], references: readonly string[] = []) {
  return {
    id: `table:${name}`,
    name,
    columns: columns.map((text) => {
      const [column = "", type = ""] = text.split(" ");
      return {
        name: column,
        type: type.replace("?", ""),
        isRequired: !type.endsWith("?"),
        hasDefault: false,
        isGenerated: false,
        isVirtual: false,
      };
    }),
    primaryKey: ["id"],
    uniques: [],
    indexes: [],
    checks: [],
    constraints: [],
    parents: [],
    hasTriggers: false,
    comment: null,
    foreignKeys: references.map((to) => ({
      name: to,
      columns: [`${to}_id`],
      references: to,
      referenced: [],
    })),
  } satisfies TableShape;
}

const BEFORE = [
  table("users", ["id int", "old text", "n int"]),
  table("gone", ["id int"]),
];
const NOW = [
  table("users", ["id int", "n bigint", "mail text?"]),
  table("orders", ["id int", "users_id int"], ["users", "nowhere"]),
];
const CHANGES = diagramOf(NOW, BEFORE);

test("tables and columns are same, new, changed or gone", () => {
  assert.deepEqual(CHANGES.tables.map(({ name, state }) => `${name} ${state}`), [
    "gone gone",
    "orders new",
    "users changed",
  ]);
  const users = CHANGES.tables.find(({ name }) => name === "users");
  assert.deepEqual(users?.columns.map(({ name, state }) => `${name} ${state}`), [
    "id same",
    "n changed",
    "mail new",
    "old gone",
  ]);
  assert.ok(diagramOf(NOW).tables.every(({ state }) => state === "same"));
});

test("links lead to tables that are there, and say how many rows they join", () => {
  assert.deepEqual(CHANGES.links.map(({ from, to, state }) => `${from} ${to} ${state}`), [
    "orders users new",
  ]);
  assert.match(mermaid(CHANGES), /"users" \|\|--o\{ "orders" : "users_id"/);
});

test("every table has a place, and none lies on another", () => {
  const many = Array.from(
    { length: 40 },
    (_, at) => table(`t${at}`, ["id int"], at % 3 === 0 && at > 0 ? [`t${at - 1}`] : []),
  );
  const placed = layout(diagramOf(many)).tables;
  assert.equal(placed.length, many.length);
  for (const [at, a] of placed.entries()) {
    for (const b of placed.slice(at + 1)) {
      const isApart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y ||
        b.y + b.height <= a.y;
      assert.ok(isApart, `${a.table.name} ${b.table.name}`);
    }
  }
});

test("a table that refers to itself, and one without columns", () => {
  const picture = diagramOf([table("tree", ["id int"], ["tree"]), table("bare", [])]);
  const { tables, links } = layout(picture);
  assert.equal(tables.length, 2);
  assert.equal(links[0]?.points.length, 4);
  assert.match(svg(picture), /data-from="tree" data-to="tree"/);
});

test("many tables stand side by side, about as wide as a screen, and none on another", () => {
  const names = Array.from({ length: 300 }, (_, at) => `t${at}`);
  const picture = diagramOf(
    names.map((name, at) => table(name, ["id int", "a int"], at < 5 ? [] : [`t${at % 5}`])),
  );
  const { tables, width, height, links } = layout(picture);
  assert.ok(width / height > 0.8 && width / height < 4, `${width} x ${height}`);
  assert.ok(links.every(({ points }) => points.length === 2));
  for (const a of tables) {
    for (const b of tables) {
      const isApart = a === b || a.x + a.width <= b.x || b.x + b.width <= a.x ||
        a.y + a.height <= b.y || b.y + b.height <= a.y;
      assert.ok(isApart, `${a.table.name} ${b.table.name}`);
    }
  }
});

test("names cannot leave the text that they stand in", () => {
  const hostile = `a"]</script><script>alert(1)</script>\n\\`;
  const picture = diagramOf([table(hostile, ["id int"], [hostile])]);
  assert.doesNotMatch(svg(picture), /<script>/);
  assert.doesNotMatch(
    html(picture, hostile).replace(/<script>\n"use strict"[\s\S]*$/, ""),
    /<script>/,
  );
  assert.doesNotMatch(dot(picture).replaceAll('\\"', ""), /"\]<\/script>/);
  assert.equal(mermaid(picture).split("\n").length, 6);
});

test("nothing of a picture is loaded from elsewhere", () => {
  const page = html(CHANGES, "shop");
  assert.doesNotMatch(
    page.replace('xmlns="http://www.w3.org/2000/svg"', ""),
    /https?:|src=|@import/,
  );
  assert.match(page, /Content-Security-Policy/);
});
