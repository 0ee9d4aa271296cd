/** Writes the tree as SQL of a dialect. */

import type { LogicalType } from "./neutral.ts";
import {
  type BinaryOperator,
  type Call,
  type DataStatement,
  type Expression,
  type OrderTerm,
  type Query,
  type QueryBody,
  type Source,
  Untranslatable,
} from "./tree.ts";

/** How a dialect says what is in the tree. What it cannot say, it refuses with an Untranslatable. */
export interface Speech {
  readonly dialect: string;
  readonly quote: (name: string) => string;
  readonly literal: (text: string) => string;
  readonly bool: (value: boolean) => string;
  readonly blob: (hex: string) => string;
  /** Functions by their names in the tree: the dialect's name, or what makes the call; `order` begins with a blank. */
  readonly functions: Readonly<
    Record<string, string | ((args: readonly string[], order: string) => string)>
  >;
  /** The type that a value is cast to. */
  readonly castType: (type: LogicalType) => string;
  readonly operators: Readonly<
    Partial<Record<BinaryOperator, string | ((left: string, right: string) => string)>>
  >;
  readonly match: (
    match: Extract<Expression, { readonly node: "match" }>,
    of: string,
    pattern: string,
  ) => string;
  readonly array: (items: readonly string[]) => string;
  /** A moment and an interval: `sign` is + or -. */
  readonly moved: (moment: string, sign: "+" | "-", amount: string, unit: string) => string;
  /** Whether NULLS FIRST and NULLS LAST can be said. */
  readonly ordersNulls: boolean;
  /** What a row of VALUES begins with. */
  readonly valuesRow: string;
  /** Whether a derived table must have a name. */
  readonly namesDerived: boolean;
  readonly hasFullJoin: boolean;
}

/** An expression as SQL. Throws Untranslatable. */
export function printExpression(expression: Expression, speech: Speech): string {
  return new Printer(speech).expression(expression);
}

/** A query as SQL. Throws Untranslatable. */
export function printQuery(query: Query, speech: Speech): string {
  return new Printer(speech).query(query);
}

/** A statement about rows as SQL, without a semicolon. Throws Untranslatable. */
export function printStatement(statement: DataStatement, speech: Speech): string {
  return new Printer(speech).statement(statement);
}

class Printer {
  readonly #speech: Speech;

  constructor(speech: Speech) {
    this.#speech = speech;
  }

  expression(tree: Expression): string {
    const speech = this.#speech;
    switch (tree.node) {
      case "null":
        return "NULL";
      case "bool":
        return speech.bool(tree.value);
      case "number":
        return tree.text;
      case "string":
        return speech.literal(tree.value);
      case "blob":
        return speech.blob(tree.hex);
      case "column":
        return tree.path.map((part, at) => this.#part(part, at, tree.path.length)).join(".");
      case "star":
        if (/^(?:new|old)$/i.test(tree.path[0] ?? "")) {
          throw new Untranslatable("NEW.* has no equal");
        }
        return [...tree.path.map(speech.quote), "*"].join(".");
      case "call":
        return this.#call(tree);
      case "unary":
        return tree.op === "not"
          ? `NOT ${this.#inner(tree.of)}`
          : `${tree.op}${this.#inner(tree.of)}`;
      case "binary":
        return this.#binary(tree);
      case "between":
        return `${this.#inner(tree.of)}${tree.not ? " NOT" : ""} BETWEEN ${
          this.#inner(tree.low)
        } AND ${this.#inner(tree.high)}`;
      case "in": {
        const list = "body" in tree.list ? this.query(tree.list) : this.#list(tree.list);
        return `${this.#inner(tree.of)}${tree.not ? " NOT" : ""} IN (${list})`;
      }
      case "is":
        return `${this.#inner(tree.of)} IS${tree.not ? " NOT" : ""} ${tree.what.toUpperCase()}`;
      case "match": {
        const matched = speech.match(tree, this.#inner(tree.of), this.#inner(tree.pattern));
        return tree.escape === null ? matched : `${matched} ESCAPE ${this.expression(tree.escape)}`;
      }
      case "case":
        return this.#case(tree);
      case "cast":
        return `CAST(${this.expression(tree.of)} AS ${speech.castType(tree.type)})`;
      case "query":
        return `(${this.query(tree.query)})`;
      case "exists":
        return `EXISTS (${this.query(tree.query)})`;
      case "row":
        return `(${this.#list(tree.items)})`;
      case "array":
        return speech.array(tree.items.map((item) => this.expression(item)));
      case "interval":
        throw new Untranslatable("an interval by itself has no equal");
    }
  }

  /** NEW and OLD of triggers are no names. */
  #part(part: string, at: number, length: number): string {
    if (at === 0 && length > 1 && /^(?:new|old)$/i.test(part)) return part.toUpperCase();
    return this.#speech.quote(part);
  }

  #list(items: readonly Expression[]): string {
    return items.map((item) => this.expression(item)).join(", ");
  }

  /** In parentheses where it is made of several. */
  #inner(tree: Expression): string {
    const text = this.expression(tree);
    const isWhole = !["unary", "binary", "between", "in", "is", "match"].includes(tree.node) ||
      /^\w+\([^()]*\)$/.test(text);
    return isWhole ? text : `(${text})`;
  }

  #binary(tree: Extract<Expression, { readonly node: "binary" }>): string {
    const speech = this.#speech;
    const { op, left, right } = tree;
    if ((op === "+" || op === "-") && right.node === "interval") {
      return speech.moved(this.#inner(left), op, right.amount, right.unit);
    }
    const said = speech.operators[op];
    if (typeof said === "function") return said(this.#inner(left), this.#inner(right));
    const sign = said ?? op.toUpperCase();
    const isChain = op === "and" || op === "or" || op === "||";
    const first = isChain && left.node === "binary" && left.op === op
      ? this.expression(left)
      : this.#inner(left);
    return `${first} ${sign} ${this.#inner(right)}`;
  }

  #case({ of, branches, otherwise }: Extract<Expression, { readonly node: "case" }>): string {
    return [
      "CASE",
      ...of === null ? [] : [this.expression(of)],
      ...branches.map(({ when, then }) =>
        `WHEN ${this.expression(when)} THEN ${this.expression(then)}`
      ),
      ...otherwise === null ? [] : [`ELSE ${this.expression(otherwise)}`],
      "END",
    ].join(" ");
  }

  #call({ name, args, isDistinct, order, over }: Call): string {
    const said = this.#speech.functions[name];
    if (said === undefined) {
      throw new Untranslatable(`${name}() has no equal in ${this.#speech.dialect}`);
    }
    const texts = args.map((arg) => this.expression(arg));
    if (isDistinct && texts[0] !== undefined) texts[0] = `DISTINCT ${texts[0]}`;
    const sorted = order.length === 0 ? "" : ` ${this.#order(order)}`;
    const made = typeof said === "string"
      ? `${said}(${texts.join(", ")}${sorted})`
      : said(texts, sorted);
    if (over === null) return made;
    const inside = [
      ...over.partition.length === 0 ? [] : [`PARTITION BY ${this.#list(over.partition)}`],
      ...over.order.length === 0 ? [] : [this.#order(over.order)],
    ];
    return `${made} OVER (${inside.join(" ")})`;
  }

  #order(terms: readonly OrderTerm[]): string {
    const texts = terms.map(({ by, isDescending, nulls }) => {
      if (nulls !== null && !this.#speech.ordersNulls) {
        throw new Untranslatable(`NULLS ${nulls.toUpperCase()} has no equal`);
      }
      return `${this.expression(by)}${isDescending ? " DESC" : ""}${
        nulls === null ? "" : ` NULLS ${nulls.toUpperCase()}`
      }`;
    });
    return `ORDER BY ${texts.join(", ")}`;
  }

  query(query: Query): string {
    const { quote } = this.#speech;
    const tables = query.with.map(({ name, columns, query: inner }) =>
      `${quote(name)}${columns.length === 0 ? "" : ` (${columns.map(quote).join(", ")})`} AS (${
        this.query(inner)
      })`
    );
    const { limit, offset } = query;
    return [
      ...tables.length === 0
        ? []
        : [`WITH ${query.isRecursive ? "RECURSIVE " : ""}${tables.join(", ")}`],
      this.#body(query.body),
      ...query.order.length === 0 ? [] : [this.#order(query.order)],
      ...limit === null ? [] : [`LIMIT ${this.expression(limit)}`],
      ...offset === null ? [] : [`OFFSET ${this.expression(offset)}`],
    ].join("\n");
  }

  #body(body: QueryBody): string {
    switch (body.node) {
      case "nested":
        return `(${this.query(body.query)})`;
      case "values":
        return `VALUES ${
          body.rows.map((row) => `${this.#speech.valuesRow}(${this.#list(row)})`).join(", ")
        }`;
      case "set":
        return [this.#body(body.left), body.op.toUpperCase(), this.#body(body.right)].join("\n");
      case "select": {
        const items = body.items.map(({ value, alias }) =>
          `${this.expression(value)}${alias === null ? "" : ` AS ${this.#speech.quote(alias)}`}`
        );
        const { from, where, group, having } = body;
        return [
          `SELECT${body.isDistinct ? " DISTINCT" : ""} ${items.join(", ")}`,
          ...from.length === 0 ? [] : [`FROM ${from.map((one) => this.#source(one)).join(", ")}`],
          ...where === null ? [] : [`WHERE ${this.expression(where)}`],
          ...group.length === 0 ? [] : [`GROUP BY ${this.#list(group)}`],
          ...having === null ? [] : [`HAVING ${this.expression(having)}`],
        ].join("\n");
      }
    }
  }

  #source(source: Source): string {
    const { quote } = this.#speech;
    switch (source.node) {
      case "table":
        return quote(source.name) + this.#alias(source.alias);
      case "derived": {
        if (source.alias === null && this.#speech.namesDerived) {
          throw new Untranslatable("a derived table without a name has no equal");
        }
        return `(${this.query(source.query)})${this.#alias(source.alias)}`;
      }
      case "join": {
        const { kind, left, right, on, using } = source;
        if (kind === "full" && !this.#speech.hasFullJoin) {
          throw new Untranslatable("FULL JOIN has no equal");
        }
        const word = kind === "inner" ? "JOIN" : `${kind.toUpperCase()} JOIN`;
        const joined = right.node === "join" ? `(${this.#source(right)})` : this.#source(right);
        const rule = on !== null
          ? ` ON ${this.expression(on)}`
          : using.length > 0
          ? ` USING (${using.map(quote).join(", ")})`
          : "";
        return `${this.#source(left)}\n  ${word} ${joined}${rule}`;
      }
    }
  }

  #alias(alias: string | null): string {
    return alias === null ? "" : ` AS ${this.#speech.quote(alias)}`;
  }

  statement(statement: DataStatement): string {
    const { quote } = this.#speech;
    const rule = (where: Expression | null) =>
      where === null ? "" : ` WHERE ${this.expression(where)}`;
    switch (statement.node) {
      case "insert": {
        const columns = statement.columns.length === 0
          ? ""
          : ` (${statement.columns.map(quote).join(", ")})`;
        const { body } = statement.query;
        const text = body.node === "values"
          ? `VALUES ${body.rows.map((row) => `(${this.#list(row)})`).join(", ")}`
          : this.query(statement.query);
        return `INSERT INTO ${quote(statement.table)}${columns} ${text}`;
      }
      case "update": {
        const set = statement.set.map(({ column, value }) =>
          `${quote(column)} = ${this.expression(value)}`
        );
        return `UPDATE ${quote(statement.table)} SET ${set.join(", ")}${rule(statement.where)}`;
      }
      case "delete":
        return `DELETE FROM ${quote(statement.table)}${rule(statement.where)}`;
    }
  }
}
