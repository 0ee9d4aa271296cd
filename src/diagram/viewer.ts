/** What makes a picture in a page one that can be moved, searched and read: its controls, their style and the script. */

import { createHash } from "node:crypto";
import { contentsOf, type Diagram, type DiagramTable } from "./diagram.ts";
import { svg } from "./svg.ts";

/** A picture for a page. All foreign text in it is escaped. */
export interface Viewer {
  /** Controls, the picture, and the same as a list for whoever does not see it. */
  readonly markup: string;
  readonly style: string;
  /** The only script of the page; it reads nothing but the markup. */
  readonly script: string;
}

/** The picture with its controls. */
export function viewer(diagram: Diagram): Viewer {
  const { tables, services } = diagram;
  const spaces = [...new Set(tables.map(({ name }) => spaceOf(name)))].filter((one) => one !== "")
    .sort();
  const isChanged = tables.some(({ state }) => state !== "same");
  const choices = [
    ...(isChanged ? ['<option value="changed">what changes</option>'] : []),
    ...(spaces.length > 1
      ? spaces.map((one) => `<option value="in:${escaped(one)}">schema ${escaped(one)}</option>`)
      : []),
  ];
  const markup = `<div class="controls" role="group" aria-label="Controls of the picture">
<label>Find <input id="find" type="search" autocomplete="off"></label>
<label>Show <select id="show"><option value="">everything</option>${
    choices.join("")
  }</select></label>
<button id="near" type="button" disabled>Neighbours</button>
<button id="out" type="button" aria-label="Zoom out">−</button>
<button id="in" type="button" aria-label="Zoom in">+</button>
<button id="fit" type="button">Fit</button>
<span id="said" role="status"></span>
</div>
<div id="view" tabindex="0" role="application" aria-label="Schema; arrows move, plus and minus zoom, 0 fits; the list below says the same">
${svg(diagram)}</div>
<details class="tables"><summary>All as a list: ${contentsOf(diagram)}</summary>
<ul>${tables.map((table) => listed(table, services === undefined)).join("\n")}</ul></details>`;
  return { markup, style: STYLE, script: SCRIPT };
}

/** The policy of a page that holds nothing but one script of its own: whatever text slips in, it does not run. */
export function contentPolicy(script: string): string {
  const digest = createHash("sha256").update(script).digest("base64");
  const own = script === "" ? "'none'" : `'sha256-${digest}'`;
  return `default-src 'none'; style-src 'unsafe-inline'; script-src ${own}; base-uri 'none'; form-action 'none'`;
}

function listed(table: DiagramTable, isSchema: boolean): string {
  const columns = table.columns.map(({ name, type, isRequired, isKey, state }) => {
    const words = [type, ...isRequired && isSchema ? ["not null"] : [], ...isKey ? ["key"] : []];
    return `<li class="${state}"><code>${escaped(name)}</code> ${escaped(words.join(", "))}${
      state === "same" ? "" : ` <strong>${state}</strong>`
    }</li>`;
  });
  return `<li class="${table.state}"><details><summary><code>${escaped(table.name)}</code>${
    table.state === "same" ? "" : ` <strong>${table.state}</strong>`
  }</summary><button type="button" data-table="${
    escaped(table.name)
  }">Show in the picture</button><ul>${columns.join("")}</ul></details></li>`;
}

function spaceOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(0, dot);
}

const STYLE = `
.controls{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:center;padding:.4rem 0}
.controls input,.controls select,.controls button,.tables button{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.25rem .6rem;min-height:2rem}
.controls input{width:11rem}.controls button:disabled{opacity:.5}
#view{touch-action:none;cursor:grab;overflow:hidden;border:1px solid var(--line);border-radius:6px;background:var(--panel)}
#view svg{width:100%;height:100%;display:block}
#view .dimmed{opacity:.12}
#view .far .table>text:not(.name){display:none}
#view .picked>.box{stroke-width:3}
.tables ul{padding-left:1.2rem}
`;

const SCRIPT = `
"use strict";
const svg=document.querySelector("#view svg"),view=document.getElementById("view"),find=document.getElementById("find"),choose=document.getElementById("show"),nearby=document.getElementById("near"),said=document.getElementById("said");
const whole=svg.viewBox.baseVal,start=[whole.x,whole.y,whole.width,whole.height];let box=[...start],picked=null,frame=0;
const tables=[...document.querySelectorAll("#view .table")],links=[...document.querySelectorAll("#view .links path")];
const places=tables.map((one)=>{const m=one.transform.baseVal.consolidate().matrix,s=one.querySelector(".box");return{one,x:m.e,y:m.f,w:s.width.baseVal.value,h:s.height.baseVal.value,out:false}});
const scale=()=>Math.max(box[2]/view.clientWidth,box[3]/view.clientHeight);
const paint=()=>{frame=0;svg.setAttribute("viewBox",box.join(" "));svg.classList.toggle("far",scale()>2.4);
const s=scale(),w=s*view.clientWidth,h=s*view.clientHeight,l=box[0]+(box[2]-w)/2,t=box[1]+(box[3]-h)/2;
for(const p of places){const out=p.x>l+w||p.y>t+h||p.x+p.w<l||p.y+p.h<t;if(out!==p.out){p.out=out;p.one.style.display=out?"none":""}}};
const draw=()=>{if(!frame)frame=requestAnimationFrame(paint)};
const zoom=(by,x=box[0]+box[2]/2,y=box[1]+box[3]/2)=>{const next=box[2]*by;if(next<50||next>start[2]*20)return;box=[x-(x-box[0])*by,y-(y-box[1])*by,next,box[3]*by];draw()};
const point=(event)=>new DOMPoint(event.clientX,event.clientY).matrixTransform(svg.getScreenCTM().inverse());
const all=()=>{box=[...start];draw()};
view.addEventListener("wheel",(event)=>{event.preventDefault();const p=point(event);zoom(event.deltaY>0?1.15:1/1.15,p.x,p.y)},{passive:false});
const held=new Map();let moved=0;
view.addEventListener("pointerdown",(event)=>{held.set(event.pointerId,event);moved=0});
view.addEventListener("pointermove",(event)=>{const last=held.get(event.pointerId);if(!last)return;
moved+=Math.abs(event.clientX-last.clientX)+Math.abs(event.clientY-last.clientY);
if(moved>4&&!view.hasPointerCapture(event.pointerId))view.setPointerCapture(event.pointerId);
if(held.size===1){const s=scale();box[0]-=(event.clientX-last.clientX)*s;box[1]-=(event.clientY-last.clientY)*s;draw()}
else{const other=[...held.values()].find((one)=>one.pointerId!==event.pointerId);const far=(a,b)=>Math.hypot(a.clientX-b.clientX,a.clientY-b.clientY);zoom(far(last,other)/Math.max(1,far(event,other)))}
held.set(event.pointerId,event)});
for(const name of["pointerup","pointercancel"])view.addEventListener(name,(event)=>held.delete(event.pointerId));
view.addEventListener("keydown",(event)=>{const step=box[2]/12;const moves={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};const move=moves[event.key];
if(move){box[0]+=move[0]*step;box[1]+=move[1]*step;draw();event.preventDefault()}
else if(event.key==="+"||event.key==="=")zoom(1/1.25);else if(event.key==="-")zoom(1.25);else if(event.key==="0")all();else if(event.key==="Escape")light(null)});
document.getElementById("fit").addEventListener("click",all);
document.getElementById("in").addEventListener("click",()=>zoom(1/1.25));
document.getElementById("out").addEventListener("click",()=>zoom(1.25));
const byName=new Map(places.map((p)=>[p.one.dataset.name,p]));
const spaceOf=(name)=>{const dot=name.lastIndexOf(".");return dot<0?"":name.slice(0,dot)};
const light=(names,fits)=>{for(const one of tables)one.classList.toggle("dimmed",names!==null&&!names.has(one.dataset.name));
for(const one of links)one.classList.toggle("dimmed",names!==null&&!(names.has(one.dataset.from)&&names.has(one.dataset.to)));
said.textContent=names===null?"":names.size===1?[...names][0]:names.size+" tables";if(fits&&names!==null&&names.size>0)around(names)};
const around=(names)=>{let[l,t,r,b]=[Infinity,Infinity,-Infinity,-Infinity];for(const name of names){const p=byName.get(name);if(!p)continue;l=Math.min(l,p.x);t=Math.min(t,p.y);r=Math.max(r,p.x+p.w);b=Math.max(b,p.y+p.h)}
if(l<r){const pad=40;box=[l-pad,t-pad,r-l+2*pad,b-t+2*pad];draw()}};
const near=(name)=>new Set([name,...links.filter((one)=>one.dataset.from===name).map((one)=>one.dataset.to),...links.filter((one)=>one.dataset.to===name).map((one)=>one.dataset.from)]);
const pick=(name)=>{if(picked)byName.get(picked)?.one.classList.remove("picked");picked=name;nearby.disabled=name===null;if(name!==null){byName.get(name)?.one.classList.add("picked");said.textContent=name}};
nearby.addEventListener("click",()=>{if(picked!==null)light(near(picked),true)});
find.addEventListener("input",()=>{const text=find.value.trim().toLowerCase();if(text===""){light(null);pick(null);return}
const found=tables.map((one)=>one.dataset.name).filter((name)=>name.toLowerCase().includes(text));light(new Set(found),true);pick(found.length===1?found[0]:null)});
choose.addEventListener("change",()=>{const wish=choose.value;if(wish===""){light(null);all();return}
const wanted=tables.filter((one)=>wish==="changed"?!one.classList.contains("same"):spaceOf(one.dataset.name)===wish.slice(3)).map((one)=>one.dataset.name);light(new Set(wanted),true)});
for(const one of tables){one.addEventListener("click",()=>{if(moved<=4)pick(one.dataset.name)});one.addEventListener("dblclick",()=>{pick(one.dataset.name);light(near(one.dataset.name),true)})}
view.addEventListener("dblclick",(event)=>{if(!event.target.closest(".table")){light(null);pick(null)}});
for(const button of document.querySelectorAll("button[data-table]"))button.addEventListener("click",()=>{const name=button.dataset.table;pick(name);light(near(name),true);view.scrollIntoView({block:"center"});view.focus({preventScroll:true})});
paint();addEventListener("resize",draw);
`;

function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
