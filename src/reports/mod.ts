/** The report formats. */

import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import type { ReportFormat } from "./report.ts";
import { sarif } from "./sarif.ts";

/** All formats, as help lists them. */
export const REPORT_FORMATS: readonly ReportFormat[] = [
  sarif,
  github,
  gitlab,
  junit,
  markdown,
  html,
  json,
];
