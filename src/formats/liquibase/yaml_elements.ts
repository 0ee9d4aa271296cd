/** Changelogs of YAML and JSON as the elements that those of XML consist of. */

import type { SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import type { Element } from "./element.ts";
import { parseYaml, type YamlNode } from "./yaml.ts";

/** Keys whose lists hold what stands directly in the element in XML. */
const BARE_LISTS: ReadonlySet<string> = new Set(["changes", "columns"]);

/** The root element, `databaseChangeLog`. Throws UsageError for a file that is no changelog. */
export function parseYamlChangelog(file: SourceFile): Element {
  const node = parseYaml(file);
  if (node.kind !== "map" || node.entries.length !== 1) {
    throw refusal(`Cannot read "${file.path}": it is no changelog`, file, node.start);
  }
  const [[name, value] = ["", node]] = node.entries;
  return elementOf(file, name, value);
}

function elementOf(file: SourceFile, name: string, node: YamlNode): Element {
  const attributes = new Map<string, string>();
  const children: Element[] = [];
  if (node.kind === "map") addEntries(file, node.entries, { attributes, children });
  if (node.kind === "list") addItems(file, node, { attributes, children });
  const text = node.kind === "scalar" ? node.pieces : [];
  return { name, file, start: node.start, end: node.end, attributes, children, text };
}

interface Content {
  readonly attributes: Map<string, string>;
  readonly children: Element[];
}

function addEntries(
  file: SourceFile,
  entries: readonly (readonly [string, YamlNode])[],
  { attributes, children }: Content,
): void {
  for (const [key, value] of entries) {
    if (value.kind === "list" && BARE_LISTS.has(key)) {
      addItems(file, value, { attributes, children });
    } else {
      children.push(elementOf(file, key, value));
      if (value.kind === "scalar" && !value.isNull) {
        attributes.set(key, value.pieces.map((piece) => piece.value).join(""));
      }
    }
  }
}

/** Items are elements of one key each; of a list of conditions, scalars are the attributes of what holds it. */
function addItems(file: SourceFile, list: YamlNode, content: Content): void {
  if (list.kind !== "list") return;
  for (const item of list.items) {
    if (item.kind !== "map") {
      throw refusal(`Cannot read "${file.path}": this is no element`, file, item.start);
    }
    addEntries(file, item.entries, content);
  }
}
