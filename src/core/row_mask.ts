/** How values of columns are kept from those who must not see them. */

/** All ways; those that make something up make the same of the same value, and nothing of it can be computed back. */
export const MASKS = [
  "keep",
  "null",
  "hash",
  "email",
  "name",
  "phone",
  "address",
  "text",
  "code",
  "url",
  "ip",
  "date",
  "number",
] as const;

/** One of them. */
export type Mask = typeof MASKS[number];

/** What the settings say of columns. */
export interface RowMask {
  /** Names, `*` allowed: `email`, `users.email`, `public.users.*`. */
  readonly columns: readonly string[];
  readonly how: Mask;
}
