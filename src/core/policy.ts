/** What a team wants of its migrations, besides that they are safe. */

/** All of it; what is empty or false is not asked for. */
export interface Policy {
  /** Patterns of names by kind (`table`, `column`, `index`, `check`, `foreign key`): `snake_case`, or a text with `*`. */
  readonly names: Readonly<Record<string, string>>;
  /** New tables have a comment. */
  readonly comments: boolean;
  /** Types that new columns do not have, in small letters. */
  readonly forbiddenTypes: readonly string[];
  /** Words that no statement begins with: `TRUNCATE`, `VACUUM FULL`. */
  readonly forbiddenStatements: readonly string[];
  /** Every migration has a DOWN. */
  readonly down: boolean;
  /** No migration changes definitions and rows. */
  readonly separateData: boolean;
}

/** Nothing is asked for. */
export const NO_POLICY: Policy = {
  names: {},
  comments: false,
  forbiddenTypes: [],
  forbiddenStatements: [],
  down: false,
  separateData: false,
};

/** What a text of hours looks like. */
export const HOURS =
  /^(?:(mon|tue|wed|thu|fri|sat|sun)(?:-(mon|tue|wed|thu|fri|sat|sun))? )?(\d\d):(\d\d)-(\d\d):(\d\d)(?: ([A-Za-z_]+(?:\/[A-Za-z_+-]+)*))?$/;

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * The first of such texts as `mon-fri 08:00-18:00 Europe/Berlin` that a moment is in; null where it is in none. Without days it is every
 * day, without a zone UTC. Hours that end before they begin reach over midnight, and belong to the day on which they begin. Throws
 * RangeError for a zone that there is none of.
 */
export function closedHours(hours: readonly string[], now: Date): string | null {
  return hours.find((text) => isWithin(text, now)) ?? null;
}

function isWithin(text: string, now: Date): boolean {
  const [, first, last = first, ...rest] = HOURS.exec(text) ?? [];
  const [fromHour, fromMinute, toHour, toMinute] = rest.slice(0, 4).map(Number);
  const from = (fromHour ?? 0) * 60 + (fromMinute ?? 0);
  const to = (toHour ?? 0) * 60 + (toMinute ?? 0);
  const { day, minute } = localTime(now, rest[4] ?? "UTC");
  const isOn = (one: number) =>
    first === undefined || last === undefined || between(one, first, last);
  if (from < to) return isOn(day) && minute >= from && minute < to;
  return (isOn(day) && minute >= from) || (isOn((day + 6) % 7) && minute < to);
}

function between(day: number, first: string, last: string): boolean {
  const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)];
  return from <= to ? day >= from && day <= to : day >= from || day <= to;
}

/** Day of the week from Monday, 0, and minute of the day. */
function localTime(now: Date, timeZone: string): { readonly day: number; readonly minute: number } {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  const day = DAYS.indexOf(part("weekday").toLowerCase());
  return { day, minute: Number(part("hour")) * 60 + Number(part("minute")) };
}
