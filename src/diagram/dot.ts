/** A picture in Graphviz' language. */

import type { Diagram, DiagramState, DiagramTable } from "./diagram.ts";

/** The picture as text. */
export function dot({ tables, links }: Diagram): string {
  return [
    "digraph schema {",
    '  graph [rankdir="LR"];',
    '  node [shape="plain", fontname="monospace", fontsize="11"];',
    '  edge [arrowhead="none", arrowtail="crow", dir="both"];',
    ...tables.map((table) => `  ${quoted(table.name)} [label=<${label(table)}>];`),
    ...links.map(({ from, to, columns, state }) =>
      `  ${quoted(from)} -> ${quoted(to)} [tooltip=${quoted(columns.join(", "))}, color=${
        quoted(COLOURS[state])
      }];`
    ),
    "}",
    "",
  ].join("\n");
}

const COLOURS: Readonly<Record<DiagramState, string>> = {
  same: "#555555",
  new: "#1a7f37",
  changed: "#9a6700",
  gone: "#cf222e",
};

function label({ name, columns, state }: DiagramTable): string {
  const rows = columns.map((column) =>
    `<tr><td align="left"><font color="${COLOURS[column.state]}">${column.isKey ? "<u>" : ""}${
      html(column.name)
    }${column.isKey ? "</u>" : ""}</font></td><td align="left">${html(column.type)}${
      column.isRequired ? "" : "?"
    }</td></tr>`
  ).join("");
  return `<table border="0" cellborder="1" cellspacing="0"><tr><td colspan="2"><font color="${
    COLOURS[state]
  }"><b>${html(name)}</b></font></td></tr>${rows}</table>`;
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", " ")}"`;
}

function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll(/\s+/g, " ");
}
