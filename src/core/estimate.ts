/** How long a statement takes on the tables of production, as far as their sizes are known. */

/** How much a table holds. */
export interface TableSize {
  readonly rows: number;
  /** Null where it is not known. */
  readonly bytes: number | null;
}

/** An estimate of one statement. */
export interface Estimate {
  /** The table whose size decides. */
  readonly table: string;
  readonly rows: number;
  /** What the statement does to them: `rewrite`, `scan`, `build` of an index. */
  readonly work: "rewrite" | "scan" | "build";
  /** Seconds, the least and the most. */
  readonly low: number;
  readonly high: number;
  /** What it rests on, in words. */
  readonly basis: string;
}

/** `6 to 20 minutes` */
export function estimateText({ low, high }: Pick<Estimate, "low" | "high">): string {
  if (high < 1) return "less than a second";
  const [size, unit] = UNITS.find(([seconds]) => high >= 2 * seconds) ?? [1, "second"];
  const round = (seconds: number) => {
    const value = seconds / size;
    return value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
  };
  const [from, to] = [round(low), round(high)];
  const most = `${to} ${unit}${to === 1 ? "" : "s"}`;
  return from === 0 ? `up to ${most}` : from === to ? most : `${from} to ${most}`;
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
];
