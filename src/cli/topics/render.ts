/** Markdown on a terminal: headings, paragraphs, lists, code. Only what the topics use. */

import { wrapped } from "../help.ts";
import type { Paint } from "../paint.ts";

const WIDTH = 96;

/** The text with headings bold, code in colour and paragraphs wrapped. */
export function renderTopic(markdown: string, paint: Paint): string {
  const blocks = markdown.trimEnd().split("\n\n");
  return blocks.map((block) => renderBlock(block, paint)).join("\n\n") + "\n";
}

function renderBlock(block: string, paint: Paint): string {
  if (block.startsWith("```")) {
    return block.split("\n").slice(1, -1).map((line) => `    ${paint.cyan(line)}`).join("\n");
  }
  if (block.startsWith("#")) return paint.bold(block.replace(/^#+ /, "").replaceAll("`", ""));
  return block.split("\n").map((line) => renderLine(line, paint)).join("\n");
}

function renderLine(line: string, paint: Paint): string {
  const [, mark = "", text = line] = /^(- )?(.*)$/.exec(line) ?? [];
  const indent = mark === "" ? "" : "  ";
  return wrapped(text, WIDTH - indent.length)
    .map((part, index) => `${index === 0 ? mark : indent}${inline(part, paint)}`)
    .join("\n");
}

function inline(text: string, paint: Paint): string {
  return text
    .replaceAll(/`([^`]*)`/g, (_, code: string) => paint.colour ? paint.cyan(code) : code)
    .replaceAll(/\*\*(.*?)\*\*/g, (_, strong: string) => paint.bold(strong));
}
