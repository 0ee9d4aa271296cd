/** The lines of formatted SQL that are Liquibase's own. */

/** What stands behind each statement that aim writes: a comment to every server. */
export const DELIMITER = "--;;";

/** A line that begins a changeset: its author, its id and its attributes. */
export const CHANGESET = /^\s*--\s*changeset\s+("[^"]+"|[^:\s]+):("[^"]+"|\S+)(.*)$/i;

/** A line of the statements that take a changeset back. */
export const ROLLBACK = /^\s*--\s*rollback(?:\s|$)/i;

/** Lines of a changeset that say something of it and are no SQL. */
export const REMARK = /^\s*--\s*(?:comment:?|validCheckSum:?)(?:\s|$)/i;

/** Lines under whose conditions a changeset runs. */
export const PRECONDITION = /^\s*--\s*preconditions?(?:-[\w-]+)?(?:\s|$)/i;

/** A line that gives a parameter its value. */
export const PROPERTY = /^\s*--\s*property\s/i;

/** Lines whose effect aim does not know. */
export const CONDITION = /^\s*--\s*ignoreLines:?\S*(?:\s|$)/i;

/** True for a line that Liquibase takes for its own. */
export function isMarker(line: string): boolean {
  return CHANGESET.test(line) || ROLLBACK.test(line) || REMARK.test(line) ||
    CONDITION.test(line) || PRECONDITION.test(line) || PROPERTY.test(line) ||
    /^\s*--\s*liquibase\s+formatted/i.test(line) ||
    line.trimEnd().endsWith(DELIMITER) || /\/\*\s*liquibase\s+rollback/i.test(line);
}
