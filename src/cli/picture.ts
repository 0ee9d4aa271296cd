/** Pictures as files: the format by a flag or the file's name, and the text. */

import { writeFile } from "node:fs/promises";
import { SetupError, UsageError } from "../core/error.ts";
import type { Diagram } from "../diagram/diagram.ts";

/** All formats. */
export const PICTURE_FORMATS = ["mermaid", "dot", "svg", "html"] as const;

/** One of them. */
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** The format that is asked for, or that a file's name says. Throws UsageError for a name that says none. */
export function pictureFormat(wanted: string | null, file: string | null): PictureFormat {
  const asked = PICTURE_FORMATS.find((format) => format === wanted);
  if (asked !== undefined) return asked;
  if (file === null) return "mermaid";
  const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? "";
  const found = ENDINGS[ending];
  if (found !== undefined) return found;
  throw new UsageError(`Cannot tell a format from "${file}"`, {
    code: "flag-value",
    hint: "its name ends in .mmd, .md, .dot, .svg or .html",
  });
}

const ENDINGS: Readonly<Record<string, PictureFormat>> = {
  mmd: "mermaid",
  md: "mermaid",
  dot: "dot",
  gv: "dot",
  svg: "svg",
  html: "html",
  htm: "html",
};

/** The picture as text. */
export async function pictureText(
  drawn: Diagram,
  format: PictureFormat,
  title: string,
): Promise<string> {
  switch (format) {
    case "mermaid":
      return (await import("../diagram/mermaid.ts")).mermaid(drawn);
    case "dot":
      return (await import("../diagram/dot.ts")).dot(drawn);
    case "svg":
      return (await import("../diagram/svg.ts")).svg(drawn);
    case "html":
      return (await import("../diagram/html.ts")).html(drawn, title);
  }
}

/** Writes it. Throws SetupError where that is not possible. */
export async function savePicture(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SetupError(`Cannot write "${file}": ${reason}`, { code: "output", cause: error });
  }
}
