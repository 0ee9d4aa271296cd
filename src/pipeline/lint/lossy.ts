/** Whether a value is still what it was after its column got another type: texts as the database prints them. */

/** True where something of the value is gone: digits, letters, the time of a day. Another way to write the same is no loss. */
export function isLossy(from: string, to: string): boolean {
  const [old, now] = [from.trimEnd(), to.trimEnd()];
  if (old === now) return false;
  if (NUMBER.test(old) && NUMBER.test(now)) return isRounded(old, now);
  if (DATE.test(old) && DATE.test(now)) return isCutTime(old, now);
  if (TIME.test(old) && TIME.test(now)) return withoutZeros(old) !== withoutZeros(now);
  // An address of one host is printed with its length or without.
  if (/^[\da-f.:]+\/\d+$/i.test(old)) return false;
  return now.length < old.length && old.startsWith(now);
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const DATE = /^\d{4}-\d\d-\d\d/;
const TIME = /^\d\d:\d\d:\d\d/;

/** A wider binary type prints more digits of the same number; a narrower one fewer. */
function isRounded(from: string, to: string): boolean {
  if (decimal(from) === decimal(to)) return false;
  const [old, now] = [Number(from), Number(to)];
  const isNear = Math.abs(old - now) <= Math.abs(old) * 1e-6;
  return !(isNear && digits(to) > digits(from));
}

function digits(number: string): number {
  return number.replace(/e.*$/i, "").replaceAll(/\D/g, "").replace(/^0+/, "").length;
}

/** A decimal without zeros that say nothing. */
function decimal(number: string): string {
  if (/e/i.test(number)) return String(Number(number));
  const [whole = "", fraction = ""] = number.replace(/^\+/, "").split(".");
  const sign = whole.startsWith("-") ? "-" : "";
  const kept = fraction.replace(/0+$/, "");
  const body = whole.replace(/^-/, "").replace(/^0+(?=\d)/, "") || "0";
  return `${sign}${body}${kept === "" ? "" : `.${kept}`}`;
}

/** The zone may come and go: in the session's zone the clock shows the same. */
function isCutTime(from: string, to: string): boolean {
  return withoutZeros(clock(from)) !== withoutZeros(clock(to));
}

function clock(time: string): string {
  const bare = time.replace("T", " ").replace(
    /(?:Z|[+-]\d\d(?::?\d\d)?)(?= BC$|$)/,
    (zone, at: number) => at > 10 ? "" : zone,
  );
  return /^\d{4}-\d\d-\d\d$/.test(bare) ? `${bare} 00:00:00` : bare;
}

function withoutZeros(time: string): string {
  return time.includes(".") ? time.replace(/\.?0+$/, "") : time;
}
