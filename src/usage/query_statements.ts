/** The statements of an SQL file that is nobody's schema: queries that a program reads, cut at semicolons. */

/** A statement of a file. */
export interface FileStatement {
  readonly sql: string;
  readonly offset: number;
}

/** Cuts a text at the semicolons that stand in no quotes, comment or dollar quotes. Rather too coarse than too fine. */
export function queryStatements(text: string): readonly FileStatement[] {
  const found: FileStatement[] = [];
  let start = 0;
  const add = (end: number) => {
    const piece = text.slice(start, end);
    const blank = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*/.exec(piece)?.[0].length ?? 0;
    if (blank < piece.length) found.push({ sql: piece.slice(blank), offset: start + blank });
    start = end + 1;
  };
  for (const match of text.matchAll(TOKEN)) if (match[0] === ";") add(match.index);
  add(text.length);
  return found;
}

const TOKEN = /'(?:[^']|'')*'|"[^"]*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|;/g;
