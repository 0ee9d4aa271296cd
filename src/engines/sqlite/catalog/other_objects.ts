/** Indexes, views, triggers and virtual tables as objects. */

import { objectId, type SchemaObject } from "../../../schema.ts";
import { canonical, canonicalName, withoutOuterParentheses } from "../expression.ts";
import { fold, type Token } from "../tokens.ts";
import type {
  IndexTerm,
  IndexText,
  TriggerText,
  ViewText,
  VirtualTableText,
} from "./other_text.ts";
import { type Catalog, makeObject, queryText, relationsNamed, tableExpression } from "./scope.ts";
import type { Fragment, TableText } from "./table_text.ts";
import { written } from "./written.ts";

/** An index; its parent is its table. */
export function indexObject(index: IndexText, catalog: Catalog): SchemaObject {
  const parent = objectId("table", fold(index.table));
  const table = catalog.tables.get(fold(index.table));
  const columns = new Set(table?.columns.map((column) => fold(column.name)));
  const tokens = [
    ...index.terms.flatMap((term) => term.expression.tokens),
    ...(index.where?.tokens ?? []),
  ];
  const used = namesIn(tokens).filter((name) => columns.has(name))
    .map((name) => objectId("column", `${fold(index.table)}.${name}`));
  return makeObject({
    id: objectId("index", fold(index.name)),
    kind: "index",
    name: index.name,
    parent,
    facts: {
      table: fold(index.table),
      unique: index.unique,
      columns: index.terms.map((term) => termText(term, table)),
      where: index.where === null || table === undefined
        ? null
        : tableExpression(index.where, table),
    },
    style: {
      columns: index.terms.map((term) => written(term.tokens, columns)),
      where: index.where === null ? null : written(index.where.tokens, columns),
    },
    needs: [parent, ...used],
    goesWith: [parent],
  });
}

function termText(term: IndexTerm, table: TableText | undefined): string {
  const single = term.expression.tokens.length === 1 ? term.expression.tokens[0] : undefined;
  const column = table?.columns.find((one) => fold(one.name) === fold(single?.value ?? ""));
  const text = column !== undefined
    ? canonicalName(column.name)
    : table === undefined
    ? canonical(term.expression.tokens, { known: new Set(), closed: true })
    : expressionTerm(tableExpression(term.expression, table));
  const collate = term.collate === null ? null : fold(term.collate);
  const differs = collate !== null && collate !== fold(column?.collate ?? "binary");
  return text + (differs ? ` COLLATE ${canonicalName(collate)}` : "") +
    (term.descending ? " DESC" : "");
}

/** A bare operator expression could swallow what follows it. */
function expressionTerm(text: string): string {
  return /^[a-z_][a-z0-9_]*\(.*\)$/s.test(text) && !/\)[^)]*\(/.test(text) ? text : `(${text})`;
}

/** A view. */
export function viewObject(view: ViewText, catalog: Catalog): SchemaObject {
  const id = objectId("view", fold(view.name));
  return makeObject({
    id,
    kind: "view",
    name: view.name,
    parent: null,
    facts: {
      columns: view.columns?.map(fold) ?? null,
      query: queryText(view.query, catalog),
    },
    style: { columns: view.columns, query: view.query.source },
    needs: relationsNamed(view.query.tokens, catalog, id),
    goesWith: [],
  });
}

/** A trigger; its parent is its table or view. */
export function triggerObject(trigger: TriggerText, catalog: Catalog): SchemaObject {
  const id = objectId("trigger", fold(trigger.name));
  const parent = catalog.relations.get(fold(trigger.table)) ??
    objectId("table", fold(trigger.table));
  const tokens = [
    ...(trigger.when?.tokens ?? []),
    ...trigger.body.flatMap((statement) => statement.tokens),
  ];
  return makeObject({
    id,
    kind: "trigger",
    name: trigger.name,
    parent,
    facts: {
      on: fold(trigger.table),
      timing: trigger.timing,
      event: trigger.event,
      columns: trigger.columns === null ? null : [...trigger.columns].map(fold).sort(),
      when: trigger.when === null ? null : queryText(condition(trigger.when), catalog),
      body: trigger.body.map((statement) => queryText(statement, catalog)),
    },
    style: {
      head: trigger.head,
      forEachRow: trigger.forEachRow,
      when: trigger.when?.source ?? null,
      body: trigger.bodySource,
    },
    needs: [parent, ...relationsNamed(tokens, catalog, parent)],
    goesWith: [parent],
  });
}

function condition(fragment: Fragment): Fragment {
  return { ...fragment, tokens: withoutOuterParentheses(fragment.tokens) };
}

/** A virtual table; its arguments are its module's own language and compared as they stand, blanks aside. */
export function virtualTableObject(table: VirtualTableText, catalog: Catalog): SchemaObject {
  const id = objectId("virtual table", fold(table.name));
  const tokens = table.args.flatMap((argument) => argument.tokens);
  return makeObject({
    id,
    kind: "virtual table",
    name: table.name,
    parent: null,
    facts: { module: fold(table.module), arguments: table.args.map(argumentText) },
    needs: contentTables(tokens, catalog, id),
    goesWith: [],
  });
}

function argumentText(argument: Fragment): string {
  return argument.tokens.map((token, at) => {
    const before = argument.tokens[at - 1];
    const apart = before !== undefined && before.end < token.start && before.text !== "=" &&
      token.text !== "=";
    return (apart ? " " : "") + token.text;
  }).join("");
}

/** FTS tables name the table that holds their text: `content=docs`. */
function contentTables(tokens: readonly Token[], catalog: Catalog, self: string) {
  const found = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (fold(token.value) !== "content" || tokens[at + 1]?.text !== "=") continue;
    const id = catalog.relations.get(fold(tokens[at + 2]?.value ?? ""));
    if (id !== undefined && id !== self) found.add(id);
  }
  return [...found];
}

function namesIn(tokens: readonly Token[]): readonly string[] {
  const names = tokens.filter((token) => token.kind === "name" || token.kind === "quoted")
    .map((token) => fold(token.value));
  return [...new Set(names)];
}
