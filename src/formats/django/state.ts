/** What Django's own state of the models becomes by a migration, as the project's script says it. */

/** Operations on models, in Python, with what they need. */
export interface DjangoState {
  /** Label of the app whose migration it is. */
  readonly app: string;
  /** Statements of import. */
  readonly imports: readonly string[];
  /** Expressions: pairs of an app and a migration of another one. */
  readonly dependencies: readonly string[];
  /** Expressions, of one or several lines. */
  readonly operations: readonly string[];
}

/** Reads it. Null for none, and for what is not of that form. */
export function djangoStateOf(text: string | undefined): DjangoState | null {
  if (text === undefined) return null;
  const { app, imports, dependencies, operations } = JSON.parse(text);
  const lists = [imports, dependencies, operations];
  const isWhole = typeof app === "string" &&
    lists.every((list) => Array.isArray(list) && list.every((one) => typeof one === "string"));
  return isWhole ? { app, imports, dependencies, operations } : null;
}

/** The lines of import of a migration, `migrations` among them. */
export function importLines({ imports }: Pick<DjangoState, "imports">): readonly string[] {
  const own = "from django.db import ";
  const names = [
    "migrations",
    ...imports.filter((line) => line.startsWith(own))
      .flatMap((line) => line.slice(own.length).split(", ")),
  ];
  const rest = imports.filter((line) => !line.startsWith(own));
  return [...rest, `${own}${[...new Set(names)].sort().join(", ")}`].sort();
}

/** Expressions of Python as items of a list. */
export function pythonItems(expressions: readonly string[], indent: string): string {
  return expressions.map((one) => `${one.replaceAll(/^(?=.)/gm, indent)},\n`).join("");
}
