/** Durations and sizes as settings have them: a number and a unit. */

/** Milliseconds of `60`, `1.5s`, `500 ms`, `2min`, `1h`; a bare number is seconds. Null for anything else. */
export function parseDuration(text: string): number | null {
  return parse(text, { "": 1000, ms: 1, s: 1000, min: 60_000, h: 3_600_000 });
}

/** Bytes of `512MB`, `1.5 GB`; a unit of 1024, as in Postgres' settings. Null for anything else, a bare number included. */
export function parseSize(text: string): number | null {
  return parse(text, { kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 });
}

/** The duration in the largest unit that fits: `90s`, `500ms`; `0` for none. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return "0";
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

/** The size in the largest unit that fits: `2GB`, `512MB`. */
export function formatSize(bytes: number): string {
  for (const [unit, size] of [["GB", 1024 ** 3], ["MB", 1024 ** 2]] as const) {
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${Math.round(bytes / 1024)}kB`;
}

function parse(text: string, units: Readonly<Record<string, number>>): number | null {
  const found = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text.trim());
  const unit = Object.entries(units).find(([name]) =>
    name.toLowerCase() === (found?.[2] ?? "").toLowerCase()
  );
  if (found === null || unit === undefined) return null;
  const value = Math.round(Number(found[1]) * unit[1]);
  return Number.isSafeInteger(value) ? value : null;
}
