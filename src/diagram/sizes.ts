/** How large the boxes of a picture are. */

import type { DiagramTable } from "./diagram.ts";

/** Pixels. The font has a fixed width. */
export const SIZES = { char: 7.3, row: 18, head: 26, pad: 10, gap: 40, most: 46 } as const;

/** Width and height of a table's box, in pixels. */
export function sizeOf(
  { name, columns, note = "" }: DiagramTable,
): { readonly width: number; readonly height: number } {
  const widest = Math.max(
    name.length + note.length + 4,
    ...columns.map(({ name, type }) => Math.min(SIZES.most, name.length + type.length + 4)),
  );
  return {
    width: Math.min(SIZES.most, widest) * SIZES.char + SIZES.pad * 2,
    height: SIZES.head + columns.length * SIZES.row + SIZES.pad / 2,
  };
}
