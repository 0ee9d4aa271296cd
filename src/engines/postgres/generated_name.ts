/** Names that Postgres generates. */

/**
 * The name that Postgres gives a constraint, index or sequence by itself: `table_column_label`, the longer of the two names cut
 * until all fits in 63 bytes (`makeObjectName`).
 */
export function generatedName(table: string, column: string | null, label: string): string {
  const whole = column === null ? `${table}_${label}` : `${table}_${column}_${label}`;
  // A UTF-16 unit has at most three bytes.
  if (whole.length * 3 <= 63 || whole.length <= 63 && isAscii(whole)) return whole;
  const encode = (text: string) => new TextEncoder().encode(text);
  const first = encode(table);
  const second = column === null ? null : encode(column);
  const overhead = encode(label).length + 1 + (second === null ? 0 : 1);
  let firstLength = first.length;
  let secondLength = second?.length ?? 0;
  while (firstLength + secondLength > 63 - overhead) {
    if (firstLength > secondLength) firstLength--;
    else secondLength--;
  }
  const head = clip(first, firstLength);
  return second === null ? `${head}_${label}` : `${head}_${clip(second, secondLength)}_${label}`;
}

/**
 * True for the name of a not-null constraint of a column that the server chose, for the present name of the table and the column or
 * an earlier one: `users_email_not_null`, with a number where that was taken. No name is one that the server would choose.
 */
export function isGeneratedNotNull(name: string | undefined): boolean {
  return name === undefined || /^.+_.+_not_null\d*$/s.test(name);
}

/** The same for the not-null constraint of a domain: `amount_not_null`. */
export function isGeneratedDomainNotNull(name: string | undefined): boolean {
  return name === undefined || /^.+_not_null\d*$/s.test(name);
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** The first bytes of a text, without a torn character at the end. */
function clip(bytes: Uint8Array, length: number): string {
  let end = length;
  while (end > 0 && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(bytes.subarray(0, end));
}
