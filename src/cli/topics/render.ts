/** Markdown on a terminal: headings, paragraphs, lists, code. Only what the topics use. */

import { WIDEST, wrapped } from "../help.ts";
import type { Paint } from "../paint.ts";

/** The text with headings bold, code in colour and paragraphs wrapped. */
export function renderTopic(markdown: string, paint: Paint, width = WIDEST): string {
  const blocks = markdown.trimEnd().split("\n\n");
  return blocks.map((block) => renderBlock(block, paint, width)).join("\n\n") + "\n";
}

function renderBlock(block: string, paint: Paint, width: number): string {
  if (block.startsWith("```")) {
    return block.split("\n").slice(1, -1).map((line) => `    ${paint.cyan(line)}`).join("\n");
  }
  if (block.startsWith("#")) return paint.bold(block.replace(/^#+ /, "").replaceAll("`", ""));
  return block.split("\n").map((line) => renderLine(line, paint, width)).join("\n");
}

function renderLine(line: string, paint: Paint, width: number): string {
  const [, mark = "", text = line] = /^(- )?(.*)$/.exec(line) ?? [];
  const indent = mark === "" ? "" : "  ";
  return wrapped(text, width - indent.length)
    .map((part, index) => `${index === 0 ? mark : indent}${inline(part, paint)}`)
    .join("\n");
}

function inline(text: string, paint: Paint): string {
  return text
    .replaceAll(/`([^`]*)`/g, (_, code: string) => paint.colour ? paint.cyan(code) : code)
    .replaceAll(/\*\*(.*?)\*\*/g, (_, strong: string) => paint.bold(strong));
}
