/** A picture as one HTML file without a network: pan, zoom, search, keyboard, light and dark. */

import { contentsOf, type Diagram } from "./diagram.ts";
import { contentPolicy, viewer } from "./viewer.ts";

/** The page. */
export function html(diagram: Diagram, title: string): string {
  const counts = (state: string) => diagram.tables.filter((table) => table.state === state).length;
  const changed = ["new", "changed", "gone"].flatMap((state) =>
    counts(state) === 0 ? [] : [`<span class="${state}">${counts(state)} ${state}</span>`]
  );
  const { markup, style, script } = viewer(diagram);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(script)}">
<title>${escaped(title)}</title>
<style>${STYLE}${style}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<p>${[contentsOf(diagram), ...changed].join(", ")}</p>
</header>
<main>
${markup}</main>
<script>${script}</script>
</body>
</html>
`;
}

const STYLE = `
:root{color-scheme:light dark;--bg:#f6f8fa;--panel:#fff;--text:#1f2328;--line:#d0d7de}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--panel:#161b22;--text:#e6edf3;--line:#30363d}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--bg);color:var(--text);font:14px system-ui,sans-serif}
header{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:center;padding:.5rem 1rem 0}
h1{font-size:1rem;margin:0}p{margin:0}.new{color:#1a7f37}.changed{color:#9a6700}.gone{color:#cf222e}
main{flex:1;display:flex;flex-direction:column;padding:0 1rem .5rem}
#view{flex:1;min-height:60vh;height:calc(100vh - 9rem)}#view:focus-visible{outline:2px solid #0969da;outline-offset:2px}
`;

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
