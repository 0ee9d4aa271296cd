/** SQLite's keywords, from its manual ("SQLite Keywords"). */

/** Words that a name cannot be without quotes, wherever it stands. */
export const RESERVED: ReadonlySet<string> = words(`
  add all alter and as autoincrement between case check collate commit constraint create default deferrable delete
  distinct drop else escape except exists foreign from group having in index insert intersect into is isnull join
  limit not nothing notnull null on or order primary references returning select set table then to transaction union
  unique update using values when where`);

/** Words that mean something in some places only. */
const CONTEXTUAL = words(`
  abort action after always analyze asc attach before begin by cascade cast column conflict cross current
  current_date current_time current_timestamp database deferred desc detach do each end exclude exclusive explain fail
  filter first following for full generated glob groups if ignore immediate indexed initially inner instead key last
  left like match materialized natural no nulls of offset others outer over partition plan pragma preceding query raise
  range recursive regexp reindex release rename replace restrict right rollback row rows savepoint temp temporary ties
  trigger unbounded vacuum view virtual window with without`);

/** All keywords. */
export const KEYWORDS: ReadonlySet<string> = new Set([...RESERVED, ...CONTEXTUAL]);

/** Contextual words that are operators, clauses or literals of an expression or a query, also where a column has that name. */
export const STRUCTURAL: ReadonlySet<string> = words(`
  asc by cast cross current current_date current_time current_timestamp desc end exclude filter following for full glob
  groups if indexed inner last left like match materialized natural nulls offset outer over partition preceding raise
  range recursive regexp replace right row rows ties unbounded window with without conflict do`);

function words(text: string): Set<string> {
  return new Set(text.trim().split(/\s+/));
}
