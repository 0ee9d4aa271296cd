/** Writing Diesel's folders. */

import { UsageError } from "../../core/error.ts";
import { dieselVersion } from "./read.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import {
  body,
  needsMarker,
  partsFor,
  type PartToWrite,
  withOwnTransactions,
  written,
} from "../rendering.ts";
import { settingsNeedOneFile } from "../transaction_mode.ts";
import { compareText, momentOf, nextVersions, timestamp } from "../versions.ts";

/** The next folder, dated with dashes as Diesel does, or as the folder's others are named. */
export function renderDiesel(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("diesel", "Diesel", input);
  const folders = existing.map(({ path }) => path.slice(0, path.indexOf("/")))
    .filter((folder) => /^\d/.test(folder));
  const last = folders.sort((a, b) => compareText(dieselVersion(a), dieselVersion(b))).at(-1);
  const style = last?.split("_")[0];
  const versions = nextVersions({
    versions: style === undefined ? [] : [/^\d{14}/.exec(style.replaceAll("-", ""))?.[0] ?? style],
    now,
    first: timestamp(now),
  }, parts.length);
  return parts.flatMap((part, index) => {
    const folder = `${spelled(versions[index] ?? "", style)}_${part.name}`;
    if (last !== undefined && compareText(dieselVersion(folder), dieselVersion(last)) <= 0) {
      throw new UsageError(`Cannot name a migration after "${last}"`, {
        hint: "Diesel orders versions as text, so they must have one length; rename the folders",
      });
    }
    const apart = needsMarker([...part.up, ...part.down], input.dialect);
    const files = [
      { path: `${folder}/up.sql`, text: text(part, "up", { ...input, apart }) },
      { path: `${folder}/down.sql`, text: text(part, "down", { ...input, apart }) },
    ];
    if (!apart) return files;
    return [...files, { path: `${folder}/metadata.toml`, text: "run_in_transaction = false\n" }];
  });
}

/** `20240102030405` as `2024-01-02-030405`, with the counter that newer versions of Diesel add where the last folder has it. */
function spelled(version: string, style: string | undefined): string {
  const dashed = style === undefined || style.includes("-");
  if (!dashed || momentOf(version) === null) return version;
  const date = version.replace(/^(\d{4})(\d\d)(\d\d)/, "$1-$2-$3-");
  return style !== undefined && /-\d{6}-\d+$/.test(style) ? `${date}-0000` : date;
}

function text(
  part: PartToWrite,
  direction: "up" | "down",
  { dialect, lexicon, apart }: Pick<RenderInput, "dialect" | "lexicon"> & {
    readonly apart: boolean;
  },
): string {
  const statements = part[direction];
  const own = apart && settingsNeedOneFile(dialect);
  return body(
    part.header,
    own
      ? withOwnTransactions(statements, lexicon)
      : statements.map((statement) => written(statement, lexicon)),
    {
      runner: "diesel",
      dialect,
      empty: direction === "up" ? "Nothing to do" : "Nothing to undo",
    },
  );
}
