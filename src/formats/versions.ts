/** Versions of migrations: comparing them, and the next one of a folder's own convention. */

/** Compares runs of digits as numbers of any length. */
export function compareNumbers(a: string, b: string): number {
  const [left, right] = [BigInt(a), BigInt(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A run of digits as a number is written: without zeros before it. */
export function plainNumber(digits: string): string {
  return digits.replace(/^0+(?=\d)/, "");
}

/** Compares two texts by their code units, as runners written in Go, Rust and Java do. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares `1.10` or `1_10` part by part as numbers; a missing part is 0. */
export function compareDotted(a: string, b: string): number {
  const [left, right] = [a.split(/[._]/), b.split(/[._]/)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareNumbers(left[i] ?? "0", right[i] ?? "0");
    if (order !== 0) return order;
  }
  return 0;
}

/** `20240102030405`: the moment in UTC, to the second. */
export function timestamp(now: Date): string {
  return now.toISOString().replace(/\D/g, "").slice(0, 14);
}

/** The moment that a 14-digit timestamp names, or null when it names none. */
export function momentOf(version: string): Date | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(version);
  if (parts === null) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const moment = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  return timestamp(moment) === version && year >= 1970 ? moment : null;
}

/** The moment at which a migration with this version would be made now; null for versions that count. */
export function madeAt(version: string): Date | null {
  const scale = unixScale(version);
  if (scale !== null) return new Date(Number(BigInt(version) * 1000n / scale));
  return version.length < 14 ? null : momentOf(version.slice(0, 14));
}

/** True for versions that are moments: `20240102030405`, longer or as short as `20240102`, Unix seconds to nanoseconds. */
export function isTimestamp(version: string): boolean {
  if (unixScale(version) !== null) return true;
  return version.length >= 8 && momentOf(version.padEnd(14, "0").slice(0, 14)) !== null;
}

/** What the next version of a folder is counted from. */
export interface Numbering {
  /** The versions that exist, as written. */
  readonly versions: readonly string[];
  readonly now: Date;
  /** How a folder with no migrations begins. */
  readonly first: string;
}

/** `count` consecutive versions after the last: the same kind (timestamp or number), length and padding. */
export function nextVersions(numbering: Numbering, count: number): readonly string[] {
  const out: string[] = [];
  let versions = numbering.versions;
  for (let i = 0; i < count; i++) {
    const next = nextVersion({ ...numbering, versions });
    out.push(next);
    versions = [...versions, next];
  }
  return out;
}

function nextVersion({ versions, now, first }: Numbering): string {
  const last = [...versions].sort(compareNumbers).at(-1);
  if (last === undefined) return isTimestamp(first) ? timestamp(now) : first;
  const after = String(BigInt(last) + 1n).padStart(last.length, "0");
  const scale = unixScale(last);
  if (scale !== null) return later(String(BigInt(now.getTime()) * scale / 1000n), after);
  if (!isTimestamp(last)) return after;
  const current = later(
    timestamp(now).padEnd(last.length, "0").slice(0, last.length),
    after,
  );
  return current === after ? nextMoment(last) : current;
}

/** The version that follows a timestamp: one second (or one unit beyond seconds) later, and still a moment where it can be. */
function nextMoment(last: string): string {
  const moment = momentOf(last);
  if (moment === null) return String(BigInt(last) + 1n).padStart(last.length, "0");
  return timestamp(new Date(moment.getTime() + 1000));
}

function later(a: string, b: string): string {
  return compareNumbers(a, b) >= 0 ? a : b;
}

/** Units a second of a Unix time between 2001 and 2286: 1, 1000, a million, a thousand million; null when it is none. */
function unixScale(version: string): bigint | null {
  if (momentOf(version.slice(0, 14)) !== null) return null;
  if (!/^1\d{9}$|^1\d{12}$|^1\d{15}$|^1\d{18}$/.test(version)) return null;
  return 10n ** BigInt(version.length - 10);
}
