/** What the codes of findings mean, for reports that explain them. */

/** What a code stands for. */
export interface CodeText {
  /** One sentence. */
  readonly title: string;
  /** Why it matters and what to do, in sentences. */
  readonly help: string;
}

const CODES: Readonly<Record<string, CodeText>> = {
  "schema-differs": {
    title: "The migrations do not lead to the schema.",
    help:
      "A database that is built from the migrations differs here from schema.sql. `aim generate` writes the migration that is missing; `aim diff` shows the difference.",
  },
  "migration-unproven": {
    title: "A migration could not be proven.",
    help:
      "The migration was run on a scratch database, up, down and up again, and did not come out right; it was not written.",
  },
  "up-fails": {
    title: "UP of a migration fails.",
    help: "The migration was run after all those before it, as its runner would, and was refused.",
  },
  "down-fails": {
    title: "DOWN of a migration fails.",
    help: "After UP, its DOWN was run and was refused: the migration cannot be taken back.",
  },
  "down-differs": {
    title: "DOWN does not restore the schema before the migration.",
    help:
      "What UP made or changed must be taken back by DOWN; the message names what is left or missing.",
  },
  "down-missing": {
    title: "A migration has no DOWN.",
    help: "It cannot be taken back by its runner.",
  },
  "up-again-fails": {
    title: "UP does not work a second time, after DOWN.",
    help: "DOWN leaves something that is in the way of UP.",
  },
  "migration-deleted": {
    title: "A migration that the base branch has was deleted.",
    help:
      "Databases may have applied it, and their runner refuses to go on or forgets it. Put it back; what it did is taken back by a new migration.",
  },
  "migration-edited": {
    title: "A migration that the base branch has was edited.",
    help:
      "Databases that have applied it will not get the change, and runners with checksums refuse to go on. Write a new migration. `-- aim:allow-file migration-edited REASON` in the file allows it.",
  },
  "migration-order": {
    title: "A new migration does not come after those of the base branch.",
    help:
      "Where the later ones are applied already, runners skip it, refuse it or run it out of order. `aim rebase` gives it a place after them and proves it again.",
  },
  "version-clash": {
    title: "A new migration has the version of one of the base branch.",
    help: "Runners refuse two of a version, or run one. `aim rebase` gives it another.",
  },
  "drift": {
    title: "The live database is not what its migrations leave.",
    help: "Somebody changed it by hand. `aim drift --fix` writes the migration that takes it over.",
  },
  "choice-open": {
    title: "A question is open that only a person can answer.",
    help: "Nothing is written until it is answered; the message has the flags that answer it.",
  },
  "impact": {
    title: "Code uses what a migration takes away.",
    help:
      "The place is where a table or column is used that is dropped, renamed or otherwise changed. An error is certain: the server takes the query before the migration and refuses it after.",
  },
  "rows-check": {
    title: "A check of the project does not hold after a migration.",
    help:
      "The query of the check held before the migration ran over rows; the message has what it gives now.",
  },
  "rows-lost": {
    title: "A migration loses or changes rows without saying so.",
    help:
      "Rows were put into the tables before the migration ran; afterwards they were not what they should be.",
  },
};

/** What a code stands for; of one that nothing is known of, its words. */
export function codeText(code: string): CodeText {
  const words = code.replaceAll("-", " ");
  const title = `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  return CODES[code] ?? { title, help: title };
}
