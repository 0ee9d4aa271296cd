/** SQLite's built-in mathematical functions, for builds that leave them out. */

type Value = string | number | bigint | Uint8Array | null;

/** One function by name; a call for each number of arguments. */
export interface MathFunction {
  readonly name: string;
  readonly calls: readonly ((...values: Value[]) => Value)[];
}

const one = (compute: (x: number) => number) => (x: Value) => {
  const number = numeric(x);
  return number === null ? null : real(compute(Number(number)));
};

const two = (compute: (x: number, y: number) => number) => (x: Value, y: Value) => {
  const [left, right] = [numeric(x), numeric(y)];
  return left === null || right === null ? null : real(compute(Number(left), Number(right)));
};

/** Whole numbers stay whole. */
const rounding = (compute: (x: number) => number) => (x: Value) => {
  const number = numeric(x);
  return typeof number === "bigint" || number === null ? number : compute(number);
};

/** A logarithm of nothing or less is NULL. */
const logarithm = (compute: (x: number) => number) => one((x) => (x > 0 ? compute(x) : NaN));

/** As listed in SQLite's manual, "Built-In Mathematical SQL Functions". */
export const MATH_FUNCTIONS: readonly MathFunction[] = [
  { name: "acos", calls: [one(Math.acos)] },
  { name: "acosh", calls: [one(Math.acosh)] },
  { name: "asin", calls: [one(Math.asin)] },
  { name: "asinh", calls: [one(Math.asinh)] },
  { name: "atan", calls: [one(Math.atan)] },
  { name: "atan2", calls: [two(Math.atan2)] },
  { name: "atanh", calls: [one(Math.atanh)] },
  { name: "ceil", calls: [rounding(Math.ceil)] },
  { name: "ceiling", calls: [rounding(Math.ceil)] },
  { name: "cos", calls: [one(Math.cos)] },
  { name: "cosh", calls: [one(Math.cosh)] },
  { name: "degrees", calls: [one((x) => x * (180 / Math.PI))] },
  { name: "exp", calls: [one(Math.exp)] },
  { name: "floor", calls: [rounding(Math.floor)] },
  { name: "ln", calls: [logarithm(Math.log)] },
  {
    name: "log",
    calls: [
      logarithm(Math.log10),
      two((base, x) => (x > 0 && base > 0 ? Math.log(x) / Math.log(base) : NaN)),
    ],
  },
  { name: "log10", calls: [logarithm(Math.log10)] },
  { name: "log2", calls: [logarithm(Math.log2)] },
  { name: "mod", calls: [two((x, y) => x % y)] },
  { name: "pi", calls: [() => Math.PI] },
  { name: "pow", calls: [two(Math.pow)] },
  { name: "power", calls: [two(Math.pow)] },
  { name: "radians", calls: [one((x) => x * (Math.PI / 180))] },
  { name: "sin", calls: [one(Math.sin)] },
  { name: "sinh", calls: [one(Math.sinh)] },
  { name: "sqrt", calls: [one(Math.sqrt)] },
  { name: "tan", calls: [one(Math.tan)] },
  { name: "tanh", calls: [one(Math.tanh)] },
  { name: "trunc", calls: [rounding(Math.trunc)] },
];

/** What SQLite takes for a number; null for what is none. */
function numeric(value: Value): number | bigint | null {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value !== "string") return null;
  const text = value.trim();
  if (/^[+-]?\d+$/.test(text)) return BigInt(text);
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
}

function real(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
