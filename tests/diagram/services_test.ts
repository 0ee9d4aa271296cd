/** Pictures of who depends on what: twenty services can be told apart, and followed to what they use. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Diagram } from "../../src/diagram/diagram.ts";
import { html } from "../../src/diagram/html.ts";
import { layout, type PlacedTable } from "../../src/diagram/layout.ts";
import { servicesDiagram } from "../../src/diagram/services.ts";
import { svg } from "../../src/diagram/svg.ts";

const TABLES = ["orders", "items", "customers", "invoices", "stock"].map((name) => `shop.${name}`);

/** Each service uses some of the tables: the one of its number, and those behind it. */
function pictured(services: number): Diagram {
  const objects = TABLES.map((name) => ({ name, table: null, said: "", state: "same" as const }));
  const uses = Array.from(
    { length: services },
    (_, at) =>
      TABLES.filter((_, table) => (at * 7 + table * 3) % 5 < 2).map((object) => ({
        service: `service-${at}`,
        owner: `@team-${at}`,
        object,
        certain: 0,
        likely: at + 1,
      })),
  ).flat();
  return servicesDiagram(objects, uses);
}

function overlap(a: PlacedTable, b: PlacedTable): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
    b.y < a.y + a.height;
}

for (const services of [1, 8, 20]) {
  test(`${services} services: no box lies on another, and no line runs over a box`, () => {
    const { tables, links, width, height } = layout(pictured(services));
    for (const [at, one] of tables.entries()) {
      for (const other of tables.slice(at + 1)) {
        assert.ok(!overlap(one, other), `${one.table.name} lies on ${other.table.name}`);
      }
    }
    for (const { link, points } of links) {
      const [start, end] = points;
      assert.ok(start !== undefined && end !== undefined && points.length === 2, link.from);
      const [left, right] = [Math.min(start.x, end.x), Math.max(start.x, end.x)];
      const crossed = tables.filter(({ x, width }) => x < right && x + width > left);
      assert.deepEqual(crossed.map(({ table }) => table.name), []);
    }
    assert.ok(tables.every(({ x, y }) => x >= 0 && y >= 0));
    assert.ok(services < 20 || width > height * 0.5, "twenty services are not one tall column");
  });
}

test("a line begins at the row that says what is used", () => {
  const { tables, links } = layout(pictured(20));
  const { link, points } = links.at(-1) ?? assert.fail("nothing is joined");
  const from = tables.find(({ table }) => table.name === link.from) ?? assert.fail(link.from);
  const row = from.table.columns.findIndex(({ name }) => `shop.${name}` === link.to);
  assert.ok(row >= 0, `${link.from} says that it uses ${link.to}`);
  assert.ok((points[0]?.y ?? 0) > from.y + 18 * (row + 1));
  assert.ok((points[0]?.y ?? 0) < from.y + from.height);
});

test("owners and what becomes of a table stand beside the names; the words are those of services", () => {
  const picture = svg(pictured(20));
  assert.match(picture, /aria-label="20 services, 5 tables"/);
  assert.match(picture, /@team-3</);
  assert.match(picture, /service-3 \(.*\) uses shop\./);
  const page = html(pictured(20), "map");
  assert.match(page, /20 services, 5 tables/);
  assert.doesNotMatch(page, /not null|foreign key/);
  const gone = servicesDiagram(
    [{ name: "shop.orders", table: null, said: "is dropped", state: "gone" }],
    [{ service: "web", owner: null, object: "shop.orders", certain: 1, likely: 2 }],
  );
  assert.match(svg(gone), /text-anchor="end"[^>]*>is dropped</);
  assert.match(svg(gone), /1 certain, 2 likely/);
});
