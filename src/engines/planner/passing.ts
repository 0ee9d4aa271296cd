/** A value that passes CHECK constraints, found by trying: for rows that get one which nobody named. */

/** A value in an expression; undefined where it is not known. */
type Value = number | string | boolean | null | undefined | readonly Value[];

/**
 * The first value that no check forbids, as SQL: the usual one, else what the checks themselves name, and what is next to it. The
 * usual one where none passes. A check that is not understood forbids nothing; `checks` are conditions, `isColumn` knows the column.
 */
export function passing(
  usual: string,
  checks: readonly string[],
  isColumn: (name: string) => boolean,
): string {
  const first = literalValue(usual);
  if (first === undefined || checks.length === 0) return usual;
  const parsed = checks.map((check) => tokensOf(check));
  const named = parsed.flat().flatMap((token) => {
    const value = literalValue(token);
    const number = typeof value === "string" && typeof first === "number" ? Number(value) : NaN;
    return Number.isNaN(number) ? value ?? [] : number;
  });
  const passes = (value: Value) =>
    parsed.every((tokens) => conditionOf(tokens, (name) => isColumn(name) ? value : undefined));
  const found = passes(first) ? undefined : neighbours(first, named).find(passes);
  return found === undefined ? usual : sqlOf(found);
}

/** Values of the same kind that the checks name or hint at. */
function neighbours(usual: Value, named: readonly Value[]): readonly Value[] {
  const numbers = named.filter((value) => typeof value === "number");
  if (typeof usual === "number") {
    return numbers.flatMap((value) => [value, value + 1, value - 1, -value, -value - 1]);
  }
  if (typeof usual === "boolean") return [!usual];
  const lengths = numbers.filter((value) => value > 0 && value <= LONGEST);
  return [
    ...named.filter((value) => typeof value === "string"),
    ...[0, ...lengths].flatMap((length) => ["x".repeat(length), "x".repeat(length + 1)]),
  ];
}

/** Texts longer than this are not tried. */
const LONGEST = 100;

function sqlOf(value: Value): string {
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
}

function literalValue(token: string): Value {
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
  if (/^'(?:[^']|'')*'$/.test(token)) return token.slice(1, -1).replaceAll("''", "'");
  if (/^(true|false)$/i.test(token)) return token.toLowerCase() === "true";
  return undefined;
}

/** Tokens of a condition, casts left out: what is compared is what was written. */
function tokensOf(check: string): readonly string[] {
  return check.replaceAll(CAST, (text) => text.startsWith("::") ? "" : text).match(TOKEN) ?? [];
}

const CAST =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|::(?:"(?:[^"]|"")*"|[\w.]+)(?: (?:varying|precision|with(?:out)? time zone))*(?:\(\d+(?:,\s*\d+)?\))?(?:\[\])*/g;
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\d+(?:\.\d+)?|[\w$]+|<>|!=|<=|>=|\S/g;

/** False where the condition is false for certain. */
function conditionOf(tokens: readonly string[], valueOf: (name: string) => Value): boolean {
  try {
    return new Condition(tokens, valueOf).value() !== false;
  } catch {
    return true;
  }
}

/** Evaluates the usual forms of conditions: comparisons, lists, ranges, lengths, and what joins them. */
class Condition {
  readonly #tokens: readonly string[];
  readonly #valueOf: (name: string) => Value;
  #at = 0;

  constructor(tokens: readonly string[], valueOf: (name: string) => Value) {
    this.#tokens = tokens;
    this.#valueOf = valueOf;
  }

  /** Throws for a form that is not known. */
  value(): Value {
    const value = this.#or();
    if (this.#at < this.#tokens.length) throw new Error("There is more");
    return value;
  }

  #or(): Value {
    let value = this.#and();
    while (this.#takes("or")) value = either(value, this.#and());
    return value;
  }

  #and(): Value {
    let value = this.#not();
    while (this.#takes("and")) value = not(either(not(value), not(this.#not())));
    return value;
  }

  #not(): Value {
    return this.#takes("not") ? not(this.#not()) : this.#predicate();
  }

  #predicate(): Value {
    const left = this.#operand();
    if (this.#takes("is")) {
      const isNot = this.#takes("not");
      this.#expect("null");
      return left === undefined ? undefined : (left === null) !== isNot;
    }
    const isNot = this.#takes("not");
    if (this.#takes("between")) {
      const low = this.#operand();
      this.#expect("and");
      const high = this.#operand();
      const outside = either(compare(left, "<", low), compare(left, ">", high));
      return isNot ? outside : not(outside);
    }
    if (this.#takes("in")) {
      const among = isAmong(left, this.#list("(", ")"));
      return isNot ? not(among) : among;
    }
    if (isNot) throw new Error("Not what?");
    const operator = OPERATORS.find((one) => this.#takes(one));
    if (operator === undefined) return left;
    if (operator === "=" && this.#takes("any")) return isAmong(left, this.#operand());
    if (operator === "<>" && this.#takes("all")) return not(isAmong(left, this.#operand()));
    return compare(left, operator, this.#operand());
  }

  #operand(): Value {
    const token = this.#tokens[this.#at++] ?? "";
    if (token === "(") {
      const value = this.#or();
      this.#expect(")");
      return value;
    }
    if (token === "-") {
      const value = this.#operand();
      return typeof value === "number" ? -value : undefined;
    }
    const literal = literalValue(token);
    if (literal !== undefined) return literal;
    const word = token.toLowerCase();
    if (word === "null") return null;
    if (word === "array") return this.#list("[", "]");
    if (!/^["`\w]/.test(token)) throw new Error("Not an operand");
    if (this.#tokens[this.#at] !== "(") return this.#valueOf(token.replaceAll(/^["`]|["`]$/g, ""));
    if (word === "trim") {
      // TRIM(BOTH FROM name)
      const [next, from] = this.#tokens.slice(this.#at + 1, this.#at + 3);
      if (/^(both|leading|trailing)$/i.test(next ?? "") && /^from$/i.test(from ?? "")) {
        this.#at += 3;
        const value = this.#operand();
        this.#expect(")");
        return typeof value === "string" ? value.trim() : undefined;
      }
    }
    const [first, ...others] = this.#list("(", ")");
    return others.length === 0 ? FUNCTIONS[word]?.(first) : undefined;
  }

  #list(open: string, close: string): readonly Value[] {
    this.#expect(open);
    const values: Value[] = [];
    while (!this.#takes(close)) {
      if (values.length > 0) this.#expect(",");
      values.push(this.#or());
    }
    return values;
  }

  #takes(word: string): boolean {
    if (this.#tokens[this.#at]?.toLowerCase() !== word) return false;
    this.#at++;
    return true;
  }

  #expect(word: string): void {
    if (!this.#takes(word)) throw new Error(`No ${word}`);
  }
}

const OPERATORS = ["<>", "!=", "<=", ">=", "=", "<", ">"] as const;

const length = (value: Value) => typeof value === "string" ? value.length : undefined;
const trimmed = (value: Value) => typeof value === "string" ? value.trim() : undefined;

const FUNCTIONS: Readonly<Record<string, (value: Value) => Value>> = {
  length,
  char_length: length,
  character_length: length,
  trim: trimmed,
  btrim: trimmed,
  lower: (value) => typeof value === "string" ? value.toLowerCase() : undefined,
  upper: (value) => typeof value === "string" ? value.toUpperCase() : undefined,
  abs: (value) => typeof value === "number" ? Math.abs(value) : undefined,
};

/** True, false, or undefined where it cannot be told. */
function either(one: Value, other: Value): Value {
  if (one === true || other === true) return true;
  return one === false && other === false ? false : undefined;
}

function not(value: Value): Value {
  return typeof value === "boolean" ? !value : undefined;
}

function isAmong(value: Value, list: Value): Value {
  if (!Array.isArray(list)) return undefined;
  return list.map((one) => compare(value, "=", one)).reduce(either, false);
}

/** Values of one kind compare; what else there is, the server knows. */
function compare(left: Value, operator: typeof OPERATORS[number], right: Value): Value {
  // Postgres writes a negative number as a text with a cast.
  if (typeof left === "number" && typeof right === "string" && /^-?\d+(\.\d+)?$/.test(right)) {
    return compare(left, operator, Number(right));
  }
  if (typeof left !== typeof right) return undefined;
  if (typeof left !== "number" && typeof left !== "string" && typeof left !== "boolean") {
    return undefined;
  }
  const order = left === right ? 0 : left < (right as typeof left) ? -1 : 1;
  switch (operator) {
    case "=":
      return order === 0;
    case "<>":
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}
