/** A picture as one HTML file without a network: pan, zoom, search, keyboard, light and dark. */

import type { Diagram } from "./diagram.ts";
import { svg } from "./svg.ts";

/** The page. */
export function html(diagram: Diagram, title: string): string {
  const counts = (state: string) => diagram.tables.filter((table) => table.state === state).length;
  const changed = ["new", "changed", "gone"].flatMap((state) =>
    counts(state) === 0 ? [] : [`<span class="${state}">${counts(state)} ${state}</span>`]
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<p>${[`${diagram.tables.length} tables`, ...changed].join(", ")}</p>
<label>Find <input id="find" type="search" autocomplete="off"></label>
<button id="fit" type="button">Fit</button>
</header>
<main id="view" tabindex="0" aria-label="Schema; arrows move, plus and minus zoom, 0 fits">
${svg(diagram)}</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

const STYLE = `
:root{color-scheme:light dark;--bg:#f6f8fa;--text:#1f2328;--line:#d0d7de}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--text:#e6edf3;--line:#30363d}}
*{box-sizing:border-box}
body{margin:0;height:100vh;display:flex;flex-direction:column;background:var(--bg);color:var(--text);font:14px system-ui,sans-serif}
header{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:center;padding:.5rem 1rem;border-bottom:1px solid var(--line)}
h1{font-size:1rem;margin:0}p{margin:0}.new{color:#1a7f37}.changed{color:#9a6700}.gone{color:#cf222e}
main{flex:1;min-height:0;touch-action:none;cursor:grab;overflow:hidden}main:focus-visible{outline:2px solid #0969da;outline-offset:-2px}
svg{width:100%;height:100%;display:block}
svg .dimmed{opacity:.15}
`;

const SCRIPT = `
"use strict";
const svg=document.querySelector("svg"),view=document.getElementById("view"),find=document.getElementById("find");
const whole=svg.viewBox.baseVal,start=[whole.x,whole.y,whole.width,whole.height];let box=[...start];
const show=()=>svg.setAttribute("viewBox",box.join(" "));
const scale=()=>Math.max(box[2]/view.clientWidth,box[3]/view.clientHeight);
const zoom=(by,x=box[0]+box[2]/2,y=box[1]+box[3]/2)=>{const next=box[2]*by;if(next<50||next>start[2]*20)return;box=[x-(x-box[0])*by,y-(y-box[1])*by,next,box[3]*by];show()};
const point=(event)=>{const r=svg.getScreenCTM().inverse();return new DOMPoint(event.clientX,event.clientY).matrixTransform(r)};
view.addEventListener("wheel",(event)=>{event.preventDefault();const p=point(event);zoom(event.deltaY>0?1.15:1/1.15,p.x,p.y)},{passive:false});
const held=new Map();
view.addEventListener("pointerdown",(event)=>{held.set(event.pointerId,event);view.setPointerCapture(event.pointerId)});
view.addEventListener("pointermove",(event)=>{const last=held.get(event.pointerId);if(!last)return;
if(held.size===1){const s=scale();box[0]-=(event.clientX-last.clientX)*s;box[1]-=(event.clientY-last.clientY)*s;show()}
else{const other=[...held.values()].find((one)=>one.pointerId!==event.pointerId);const far=(a,b)=>Math.hypot(a.clientX-b.clientX,a.clientY-b.clientY);const by=far(last,other)/Math.max(1,far(event,other));zoom(by)}
held.set(event.pointerId,event)});
for(const name of["pointerup","pointercancel"])view.addEventListener(name,(event)=>held.delete(event.pointerId));
view.addEventListener("keydown",(event)=>{const step=box[2]/12;const moves={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};
if(moves[event.key]){box[0]+=moves[event.key][0]*step;box[1]+=moves[event.key][1]*step;show();event.preventDefault()}
else if(event.key==="+"||event.key==="=")zoom(1/1.25);else if(event.key==="-")zoom(1.25);else if(event.key==="0"){box=[...start];show()}});
document.getElementById("fit").addEventListener("click",()=>{box=[...start];show()});
const tables=[...document.querySelectorAll(".table")],links=[...document.querySelectorAll(".links path")];
const light=(names)=>{for(const one of tables)one.classList.toggle("dimmed",names!==null&&!names.has(one.dataset.name));for(const one of links)one.classList.toggle("dimmed",names!==null&&!(names.has(one.dataset.from)&&names.has(one.dataset.to)))};
const near=(name)=>new Set([name,...links.filter((one)=>one.dataset.from===name).map((one)=>one.dataset.to),...links.filter((one)=>one.dataset.to===name).map((one)=>one.dataset.from)]);
find.addEventListener("input",()=>{const text=find.value.trim().toLowerCase();if(text===""){light(null);return}const found=tables.filter((one)=>one.dataset.name.toLowerCase().includes(text)).map((one)=>one.dataset.name);light(new Set(found))});
for(const one of tables)one.addEventListener("dblclick",()=>light(near(one.dataset.name)));
view.addEventListener("dblclick",(event)=>{if(!event.target.closest(".table"))light(null)});
`;

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
