/** `aim audit`. */

import { EXIT } from "../../core/error.ts";
import { answer, type Command, exactAnswer, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { PROJECT_KEYS } from "../flags.ts";
import { hasLiveAddress, LIVE_FLAGS, LIVE_MORE, liveAddress } from "../live_url.ts";
import { open } from "../open.ts";
import { auditCsv, renderAudit } from "../report/audit.ts";
import { counted } from "../report/changes.ts";

/** Prints what happened to each migration. */
export const audit: Command = {
  name: "audit",
  summary: "Print who wrote, proved, approved and applied each migration, and when",
  more: [
    "Commits come from git, proofs and approvals from the signed records of `aim approve` (one whose signature or text is not good is shown as that), the rest from the books that the runner keeps in the live database. Where no address is given the books are left out.",
    LIVE_MORE,
  ],
  flags: [...LIVE_FLAGS, { name: "csv", summary: "As CSV, a line an event" }],
  settings: PROJECT_KEYS,
  examples: [
    { line: "aim audit", what: "as a table" },
    { line: "aim audit --csv > audit.csv", what: "for an auditor's spreadsheet" },
  ],
  exits: exits({
    [EXIT.ok]: "Printed",
    [EXIT.setup]: "The database cannot be reached or read",
  }),
  run: async (context) => {
    const project = await open(context);
    const { audit } = await import("../../pipeline/mod.ts");
    const address = hasLiveAddress(context, project) ? liveAddress(context, project) : null;
    const outcome = await audit(project, address);
    return {
      exit: EXIT.ok,
      json: { ...outcome },
      pieces: [
        context.flags.on("csv")
          ? exactAnswer(() => auditCsv(outcome))
          : answer((paint) => renderAudit(outcome, paint)),
        talk((paint) => {
          const { migrations, events, database } = outcome;
          const where = database === null ? "" : ` of ${database}`;
          return `${counted(migrations, "migration")}, ${counted(events.length, "event")}${
            paint.dim(where)
          }\n`;
        }),
      ],
    };
  },
};
