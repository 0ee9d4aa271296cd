/** A picture as Mermaid's `erDiagram`, which GitHub and GitLab show in Markdown. */

import type { Diagram, DiagramLink, DiagramTable } from "./diagram.ts";

/** The picture as text. Mermaid knows no colours for rows: what changed is said in the comment of a column. */
export function mermaid({ tables, links }: Diagram): string {
  return ["erDiagram", ...tables.map(entity), ...links.map(relationship)].join("\n") + "\n";
}

function entity({ name, columns }: DiagramTable): string {
  const lines = columns.map((column) => {
    const keys = [...column.isKey ? ["PK"] : [], ...column.isForeign ? ["FK"] : []].join(", ");
    const notes = [
      ...column.isRequired ? [] : ["null"],
      ...column.state === "same" ? [] : [column.state],
    ].join(", ");
    return `    ${word(column.type)} ${word(column.name)}${keys === "" ? "" : ` ${keys}`}${
      notes === "" ? "" : ` "${notes}"`
    }`;
  });
  return lines.length === 0
    ? `  ${quoted(name)}`
    : [`  ${quoted(name)} {`, ...lines, "  }"].join("\n");
}

function relationship({ from, to, columns, isOptional, isUnique }: DiagramLink): string {
  const many = isUnique ? "o|" : "o{";
  const one = isOptional ? "|o" : "||";
  return `  ${quoted(to)} ${one}--${many} ${quoted(from)} : ${quoted(columns.join(", "))}`;
}

/** Mermaid takes a word where a type or a name stands: letters, digits and a few signs. */
function word(text: string): string {
  const plain = text.replaceAll(/[^\p{L}\p{N}_()[\]-]+/gu, "_").replace(/^(?=[^\p{L}_])/u, "_");
  return plain === "" ? "_" : plain;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\s]+/g, " ").replaceAll("\\", "/")}"`;
}
