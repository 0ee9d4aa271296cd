/** Who depends on what changes, as a picture: services on one side, tables and what becomes of them on the other. */

import type { Diagram, DiagramColumn, DiagramLink, DiagramState, DiagramTable } from "./diagram.ts";

/** Something that changes. */
export interface PicturedObject {
  /** Full name: `public.users.email`, `public.users`. */
  readonly name: string;
  /** The table that it is a column of, by its full name; null for what is no column. */
  readonly table: string | null;
  /** What becomes of it: `is dropped`; empty where nothing does. */
  readonly said: string;
  readonly state: DiagramState;
}

/** A service, and how often it uses an object. */
export interface PicturedUse {
  readonly service: string;
  readonly owner: string | null;
  /** Name of the object. */
  readonly object: string;
  readonly certain: number;
  readonly likely: number;
}

/** The picture. What nobody uses is not in it. */
export function servicesDiagram(
  objects: readonly PicturedObject[],
  uses: readonly PicturedUse[],
): Diagram {
  const known = new Map(objects.map((object) => [object.name, object]));
  const used = uses.filter(({ object }) => known.has(object));
  const homeOf = (name: string) => known.get(name)?.table ?? name;
  const homes = [...new Set(used.map(({ object }) => homeOf(object)))].sort();
  const taken = new Set(homes);
  const shown = withoutSchema(homes);
  const nameOf = (service: string): string => taken.has(service) ? `${service} (service)` : service;
  const services = [...new Set(used.map(({ service }) => service))].sort();
  const tables = homes.map((home): DiagramTable => ({
    name: home,
    columns: objects.filter(({ table }) => table === home).map(({ name, said, state }) =>
      row(name.slice(home.length + 1), said, state)
    ),
    comment: known.get(home)?.said ?? null,
    note: known.get(home)?.said ?? "",
    state: known.get(home)?.state ?? "same",
  }));
  const callers = services.map((service): DiagramTable => {
    const own = used.filter((use) => use.service === service);
    return {
      name: nameOf(service),
      columns: own.map((use) =>
        row(
          shown(use.object),
          count(use, known.get(use.object)?.said === ""),
          use.certain > 0 ? "changed" : "same",
        )
      ),
      comment: own[0]?.owner ?? null,
      note: own[0]?.owner ?? "",
      state: own.some(({ certain }) => certain > 0) ? "changed" : "same",
    };
  });
  const links = services.flatMap((service) =>
    homes.flatMap((home): readonly DiagramLink[] => {
      const own = used.filter((use) => use.service === service && homeOf(use.object) === home);
      return own.length === 0 ? [] : [{
        from: nameOf(service),
        to: home,
        columns: own.map(({ object }) => object === home ? home : object.slice(home.length + 1)),
        isOptional: own.every(({ certain }) => certain === 0),
        isUnique: false,
        rows: own.map(({ object }) => shown(object)),
        state: own.some(({ certain }) => certain > 0) ? "changed" : "same",
      }];
    })
  );
  return {
    tables: [...callers, ...tables],
    links,
    services: new Set(services.map(nameOf)),
  };
}

function row(name: string, type: string, state: DiagramState): DiagramColumn {
  return { name, type, isRequired: true, isKey: false, isForeign: false, state };
}

/** Names without their schema, where all tables stand in one. */
function withoutSchema(homes: readonly string[]): (name: string) => string {
  const schemas = new Set(homes.map((home) => home.slice(0, home.lastIndexOf(".") + 1)));
  const [schema = ""] = schemas;
  return (name) => schemas.size === 1 ? name.slice(schema.length) : name;
}

function count({ certain, likely }: PicturedUse, isMap: boolean): string {
  const all = certain + likely;
  if (all === 0) return "declared";
  if (isMap) return all === 1 ? "1 use" : `${all} uses`;
  return [
    ...certain > 0 ? [`${certain} certain`] : [],
    ...likely > 0 ? [`${likely} likely`] : [],
  ].join(", ");
}
