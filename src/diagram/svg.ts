/** A picture as SVG: light and dark, with nothing that is loaded or run. */

import { contentsOf, type Diagram, type DiagramColumn } from "./diagram.ts";
import { layout, type PlacedLink, type PlacedTable } from "./layout.ts";
import { SIZES } from "./sizes.ts";

/** The picture as a document of its own. */
export function svg(diagram: Diagram): string {
  const { width, height, tables, links } = layout(diagram);
  const margin = 20;
  const box = [-margin, -margin, Math.ceil(width) + 2 * margin, Math.ceil(height) + 2 * margin];
  const verb = diagram.services === undefined ? "refers to" : "uses";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.join(" ")}" role="img" aria-label="${
      contentsOf(diagram)
    }">`,
    `<style>${STYLE}</style>`,
    `<g class="links">${links.map((link) => linkSvg(link, verb)).join("")}</g>`,
    ...tables.map(tableSvg),
    "</svg>",
    "",
  ].join("\n");
}

const STYLE = [
  "svg{--bg:#fff;--head:#eef1f5;--line:#8c959f;--text:#1f2328;--dim:#59636e;--new:#1a7f37;--changed:#9a6700;--gone:#cf222e}",
  "@media(prefers-color-scheme:dark){svg{--bg:#161b22;--head:#21262d;--line:#6e7681;--text:#e6edf3;--dim:#9198a1;--new:#3fb950;--changed:#d29922;--gone:#f85149}}",
  "text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:var(--text);white-space:pre}",
  ".box{fill:var(--bg);stroke:var(--line)}.head{fill:var(--head)}.name{font-weight:600}.type{fill:var(--dim)}.key{text-decoration:underline}",
  ".links path{fill:none;stroke:var(--line)}",
  ".new>.name,text.new,.new .box,path.new{fill-opacity:1}",
  "text.new,.new>.name{fill:var(--new)}text.changed,.changed>.name{fill:var(--changed)}text.gone,.gone>.name{fill:var(--gone);text-decoration:line-through}",
  ".new>.box{stroke:var(--new)}.changed>.box{stroke:var(--changed)}.gone>.box{stroke:var(--gone);stroke-dasharray:4}",
  ".links path.changed{stroke:var(--changed)}",
  ".links path.new{stroke:var(--new)}.links path.gone{stroke:var(--gone);stroke-dasharray:4}",
].join("");

function tableSvg({ table, x, y, width, height }: PlacedTable): string {
  const at = (value: number) => value.toFixed(1);
  const { note = "" } = table;
  const room = width - (note === "" ? 0 : (note.length + 2) * SIZES.char);
  const title = table.comment === null ? table.name : `${table.name}: ${table.comment}`;
  return `<g class="table ${table.state}" data-name="${escaped(table.name)}" transform="translate(${
    at(x)
  } ${at(y)})"><title>${escaped(title)}</title><rect class="box" width="${at(width)}" height="${
    at(height)
  }" rx="4"/><rect class="head" x="1" y="1" width="${at(width - 2)}" height="${
    SIZES.head - 2
  }" rx="3"/><text class="name" x="${SIZES.pad}" y="17">${escaped(cut(table.name, room))}</text>${
    note === "" ? "" : sideText(note, 17, width)
  }${table.columns.map((column, row) => columnSvg(column, row, width)).join("")}</g>`;
}

function columnSvg(column: DiagramColumn, row: number, width: number): string {
  const y = SIZES.head + row * SIZES.row + 13;
  const type = `${column.type}${column.isRequired ? "" : "?"}`;
  const room = Math.floor((width - SIZES.pad * 2) / SIZES.char);
  const name = column.name.slice(0, Math.max(4, room - Math.min(type.length, room / 2) - 1));
  const shownType = type.slice(0, Math.max(0, room - name.length - 1));
  const classes = [column.state, ...column.isKey ? ["key"] : []].join(" ");
  return `<text class="${classes}" x="${SIZES.pad}" y="${y}">${escaped(name)}</text>${
    sideText(shownType, y, width)
  }`;
}

/** A text at the right edge of its box. */
function sideText(
  text: string,
  y: number,
  width: number,
): string {
  return `<text class="type" text-anchor="end" x="${(width - SIZES.pad).toFixed(1)}" y="${y}">${
    escaped(text)
  }</text>`;
}

function linkSvg({ link, points }: PlacedLink, verb: string): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const at = ({ x, y }: { readonly x: number; readonly y: number }) =>
    `${x.toFixed(1)} ${y.toFixed(1)}`;
  const title = `${link.from} (${link.columns.join(", ")}) ${verb} ${link.to}`;
  return `<path class="${link.state}" data-from="${escaped(link.from)}" data-to="${
    escaped(link.to)
  }" d="M${at(first)}${rest.map((point) => `L${at(point)}`).join("")}"><title>${
    escaped(title)
  }</title></path>`;
}

function cut(text: string, width: number): string {
  const room = Math.floor((width - SIZES.pad * 2) / SIZES.char);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

/** Text without what XML cannot hold, escaped. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
