/** The HTML report in a real browser: nothing of a schema runs in it, and its picture works by mouse, keyboard and list. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { type Browser, chromium, type Page } from "playwright-core";
import type { TableShape } from "../../src/core/shape.ts";
import { diagramOf } from "../../src/diagram/diagram.ts";
import { contentPolicy, viewer } from "../../src/diagram/viewer.ts";
import { html } from "../../src/reports/html.ts";
import type { Report, ReportDetails } from "../../src/reports/report.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { EMPTY, HARD } from "./sample.ts";

const PROGRAM = process.env.AIM_TEST_CHROMIUM ?? "/usr/bin/chromium";

/** Folder for pictures of the pages; none when not set. */
const PICTURES = process.env.AIM_TEST_PICTURES;

async function browser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: PROGRAM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Opens a text as a page; gives what went wrong in it, and what it asked the network for. */
async function opened(
  page: Page,
  text: string,
): Promise<{ readonly wrong: string[]; readonly asked: string[] }> {
  await using folder = await temporaryFolder({ "page.html": text });
  const [wrong, asked]: [string[], string[]] = [[], []];
  page.on("console", (message) => void wrong.push(message.text()));
  page.on("pageerror", (error) => void wrong.push(error.message));
  page.on("dialog", (dialog) => {
    wrong.push(`dialog ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on("request", (request) => void asked.push(request.url()));
  await page.goto(`file://${join(folder.path, "page.html")}`);
  return { wrong, asked };
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** A page with a picture of these tables. */
function pageOf(now: readonly TableShape[], before: readonly TableShape[] = now): string {
  const made = viewer(diagramOf(now, before));
  return html.render({
    ...EMPTY,
    details: { picture: { ...made, policy: contentPolicy(made.script) } },
  });
}

function table(name: string, columns: readonly string[], refersTo: readonly string[] = []) {
  return {
    name,
    comment: null,
    columns: columns.map((column) => ({
      name: column,
      type: "integer",
      isRequired: true,
      hasDefault: false,
      isGenerated: false,
    })),
    primaryKey: ["id"],
    uniques: [],
    foreignKeys: refersTo.map((references) => ({ columns: ["id"], references })),
  } as unknown as TableShape;
}

const ATTACKS = [
  `"><img src=x onerror="hit()">`,
  `'><svg onload=hit()>`,
  `</script><script>hit()</script>`,
  `</style><script>hit()</script>`,
  `</title><script>hit()</script>`,
  `javascript:hit()`,
  `" autofocus onfocus="hit()" x="`,
  `<!--<script>hit()//`,
  `]]><script>hit()</script>`,
  `\u2028<iframe srcdoc="<script>parent.hit()</script>">`,
];

function attacked(): Report {
  const text = ATTACKS.join(" ");
  const statement = { sql: text, why: text, effects: ATTACKS, losses: ATTACKS, codes: ATTACKS };
  const made = viewer(diagramOf(
    ATTACKS.map((name) => table(name, ATTACKS, ATTACKS)),
    ATTACKS.slice(1).map((name) => table(name, ["id"])),
  ));
  const details: ReportDetails = {
    migrations: [{ name: text, kind: text, up: [statement], down: [statement], restores: text }],
    rowSummary: text,
    rows: [{ subject: text, direction: text, before: text, after: text, text, isGood: false }],
    steps: [{ name: text, date: text, changes: ATTACKS, diff: `+${text}\n-${text}\n@@ ${text}` }],
    earlier: 1,
    picture: { ...made, policy: contentPolicy(made.script) },
    diff: `+${text}`,
  };
  return {
    ...HARD,
    tool: text,
    command: text,
    summary: text,
    server: text,
    folder: text,
    notes: ATTACKS,
    changes: ATTACKS,
    questions: [{ question: text, flags: ATTACKS }],
    findings: ATTACKS.map((code) => ({
      code,
      severity: "error",
      message: text,
      hint: text,
      place: { file: text, line: 1, column: 1 },
    })),
    checks: [{ suite: text, name: text, state: "failed", code: text, text }],
    details,
  };
}

test("in a browser", { skip: !existsSync(PROGRAM) && `no ${PROGRAM}` }, async (t) => {
  const program = await browser();
  const open = async (
    options: { width?: number; scheme?: "light" | "dark"; isPhone?: boolean } = {},
  ) =>
    await program.newPage({
      viewport: { width: options.width ?? 1280, height: 900 },
      colorScheme: options.scheme ?? "light",
      ...(options.isPhone === true ? { isMobile: true, hasTouch: true } : {}),
    });
  try {
    await t.test("no name and no text of a schema runs or loads anything", async () => {
      const page = await open();
      await page.addInitScript("globalThis.hits = 0; globalThis.hit = () => { globalThis.hits++ }");
      const { wrong, asked } = await opened(page, html.render(attacked()));
      await page.evaluate(`
        for (const one of document.querySelectorAll("details")) one.open = true;
        for (const one of document.querySelectorAll("a")) one.click();
      `);
      await page.fill("#find", `"><img src=x onerror="hit()">`);
      await page.selectOption("#show", "changed");
      await page.locator("button[data-table]").first().click();
      await page.waitForTimeout(200);
      assert.equal(await page.evaluate("globalThis.hits"), 0);
      assert.deepEqual(wrong, []);
      assert.deepEqual(asked.slice(1), []);
      assert.equal(await page.locator("script").count(), 1);
      assert.equal(await page.locator("img, iframe, object, embed, link, form").count(), 0);
      assert.equal(
        await page.evaluate(
          `[...document.querySelectorAll("*")].filter((one) =>
            [...one.attributes].some(({ name }) => name.startsWith("on"))).length`,
        ),
        0,
      );
      await page.close();
    });

    await t.test("the policy refuses a script that slipped in", async () => {
      const page = await open();
      await page.addInitScript("globalThis.hits = 0; globalThis.hit = () => { globalThis.hits++ }");
      const { wrong } = await opened(
        page,
        pageOf([table("a", ["id"])]).replace("</main>", "<script>hit()</script></main>"),
      );
      assert.equal(await page.evaluate("globalThis.hits"), 0);
      assert.match(wrong.join(), /Content Security Policy/);
      await page.close();
    });

    await t.test("the picture is moved, zoomed, searched and cut to neighbours", async () => {
      const page = await open();
      const { wrong } = await opened(
        page,
        pageOf(
          [
            table("app.users", ["id", "email"]),
            table("app.orders", ["id"], ["app.users"]),
            table("log.events", ["id"]),
            table("app.fresh", ["id"]),
          ],
          [
            table("app.users", ["id"]),
            table("app.orders", ["id"], ["app.users"]),
            table("log.events", ["id"]),
          ],
        ),
      );
      const box = async () => {
        await page.waitForTimeout(60);
        return (await page.locator("#view svg").getAttribute("viewBox") ?? "").split(" ").map(
          Number,
        );
      };
      const [x = 0, , width = 0] = await box();
      await page.focus("#view");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("+");
      const [moved = 0, , zoomed = 0] = await box();
      assert.ok(moved > x, "the arrow moves");
      assert.ok(zoomed < width, "plus zooms");
      await page.keyboard.press("0");
      assert.deepEqual((await box())[2], width);
      const shown = async () =>
        await page.evaluate<string[]>(
          `[...document.querySelectorAll("#view .table:not(.dimmed)")].map((one) => one.dataset.name).sort()`,
        );
      await page.fill("#find", "ORDERS");
      assert.deepEqual(await shown(), ["app.orders"]);
      await page.click("#near");
      assert.deepEqual(await shown(), ["app.orders", "app.users"]);
      await page.selectOption("#show", "in:log");
      assert.deepEqual(await shown(), ["log.events"]);
      await page.selectOption("#show", "changed");
      assert.deepEqual(await shown(), ["app.fresh", "app.users"]);
      await page.selectOption("#show", "");
      assert.equal((await shown()).length, 4);
      await page.locator("details.tables > summary").click();
      const listed = page.locator("details.tables li", { hasText: "app.fresh" }).first();
      assert.match(await listed.innerText(), /new/);
      await listed.locator("summary").click();
      await listed.locator("button").click();
      assert.deepEqual(await shown(), ["app.fresh"]);
      assert.deepEqual(wrong, []);
      await page.close();
    });

    await t.test("500 tables are drawn, and zoom", async () => {
      const tables = Array.from({ length: 500 }, (_, at) =>
        table(
          `s${at % 7}.table_${at}`,
          ["id", ...Array.from({ length: 11 }, (_, column) => `column_${column}`)],
          at < 3
            ? []
            : [`s${(at % 13) % 7}.table_${at % 13}`, `s${(at >> 1) % 7}.table_${at >> 1}`],
        ));
      const text = pageOf(tables, tables.slice(3));
      const page = await open();
      const { wrong } = await opened(page, text);
      await picture(page, "tables_500");
      await page.evaluate(`(async () => {
        const view = document.getElementById("view");
        for (let step = 0; step < 5; step++) {
          view.dispatchEvent(new KeyboardEvent("keydown", { key: "+" }));
          await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        }
      })()`);
      assert.deepEqual(wrong, []);
      await page.close();
    });

    await t.test("a page of a project fits a phone, light and dark, by landmarks and headings", async () => {
      await using folder = await temporaryFolder({
        "aim.toml": 'engine = "sqlite"\n',
        "schema.sql": "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);\n" +
          "CREATE TABLE tags (id INTEGER PRIMARY KEY, note INTEGER REFERENCES notes (id));\n",
        "migrations/20260101000000_notes.up.sql":
          "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, old TEXT);\n",
        "migrations/20260101000000_notes.down.sql": "DROP TABLE notes;\n",
      });
      const ran = await runAim(["report", "-o", "page.html", "--report", "html=other.html"], {
        cwd: folder.path,
      });
      assert.equal(ran.code, 0, ran.stderr);
      assert.equal(ran.stdout, "page.html\n");
      for (const scheme of ["light", "dark"] as const) {
        for (const width of [1280, 390]) {
          const page = await open({ scheme, width, isPhone: width < 500 });
          await page.goto(`file://${join(folder.path, "page.html")}`);
          const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
          assert.ok(wide <= width, `${wide} at ${width}`);
          await picture(page, `report_${scheme}_${width}`);
          await page.close();
        }
      }
      const page = await open();
      await page.goto(`file://${join(folder.path, "page.html")}`);
      const text = await page.innerText("body");
      assert.match(text, /a question is open/);
      assert.match(text, /--rename|--answer/);
      assert.match(text, /20260101000000_notes 2026-01-01 \d+ changes/);
      for (const role of ["banner", "navigation", "main"] as const) {
        assert.equal(await page.getByRole(role).count(), 1, role);
      }
      assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
      assert.ok(await page.getByRole("region", { name: "Schema" }).count() === 1);
      for (const one of await page.locator("input, select, button").all()) {
        const name = await one.evaluate((element: Named) =>
          element.getAttribute("aria-label") ?? element.closest("label")?.textContent ??
            element.textContent ?? ""
        );
        assert.notEqual(name.trim(), "");
      }
      await page.close();
    });
  } finally {
    await program.close();
  }
});

/** What is asked of an element. */
interface Named {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  closest(selector: string): { readonly textContent: string | null } | null;
}

test("a report as a page is whole without anything found", async () => {
  const text = html.render(EMPTY);
  assert.match(text, /<h1><span class="good">✓<\/span> valid, 0 migrations<\/h1>/);
  assert.doesNotMatch(text, /<script|<section/);
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "x.html"), html.render(HARD));
  assert.doesNotMatch(html.render(HARD), /<script>|<b>|<x>/);
});
