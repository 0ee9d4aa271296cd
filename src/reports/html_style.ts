/** The style of the HTML report: light and dark, from a phone to a wide screen, on paper. */

/** For a `<style>` element. */
export const HTML_STYLE = `
:root{color-scheme:light dark;--bg:#f6f8fa;--panel:#fff;--text:#1f2328;--dim:#59636e;--line:#d0d7de;--good:#1a7f37;--warn:#9a6700;--bad:#cf222e;--link:#0969da}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--panel:#161b22;--text:#e6edf3;--dim:#9198a1;--line:#30363d;--good:#3fb950;--warn:#d29922;--bad:#f85149;--link:#4493f8}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0 auto;max-width:76rem;padding:0 1rem 3rem;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header{padding:1.2rem 0 .4rem;border-bottom:1px solid var(--line)}
h1{font-size:1.4rem;margin:0}h2{font-size:1.15rem;margin:1.8rem 0 .6rem}h3{font-size:1rem;margin:1rem 0 .3rem}h4{font-size:.85rem;margin:.8rem 0 .3rem;color:var(--dim);text-transform:uppercase;letter-spacing:.04em}
p{margin:.3rem 0}header p,.dim,time{color:var(--dim)}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:.5rem 0}
a{color:var(--link)}a:focus-visible,summary:focus-visible,button:focus-visible,select:focus-visible,input:focus-visible,pre:focus-visible,#view:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem}
code,pre{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{margin:.2rem 0;white-space:pre-wrap}
pre.sql{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;overflow-x:auto;white-space:pre}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;background:var(--panel)}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border:1px solid var(--line)}th{font-weight:600}th,.state{white-space:nowrap}
.good,.new{color:var(--good)}.changed{color:var(--warn)}.bad,.gone{color:var(--bad)}
.finding{background:var(--panel);border:1px solid var(--line);border-left:4px solid var(--dim);border-radius:6px;padding:.4rem .8rem;margin:.6rem 0}
.finding h3{margin:.2rem 0}.finding.error{border-left-color:var(--bad)}.finding.warning{border-left-color:var(--warn)}
.statements{padding-left:1.6rem}.statements>li{margin:.7rem 0}
.why{color:var(--dim)}
.marks{display:flex;flex-wrap:wrap;gap:.3rem}
.mark{display:inline-block;border:1px solid var(--line);border-radius:999px;padding:0 .6rem;font-size:.85rem;background:var(--panel);text-decoration:none}
.mark.loss,.mark.bad{color:var(--bad);border-color:var(--bad)}.mark.effect{color:var(--warn);border-color:var(--warn)}
summary{cursor:pointer;padding:.15rem 0}
.timeline{list-style:none;padding-left:1rem;border-left:2px solid var(--line)}.timeline>li{position:relative;margin:.5rem 0}
.timeline>li::before{content:"";position:absolute;left:calc(-1rem - 6px);top:.55rem;width:10px;height:10px;border-radius:50%;background:var(--link)}
#view{height:70vh;min-height:20rem}
@media(max-width:40rem){body{padding:0 .7rem 2rem;font-size:16px}th,td{padding:.3rem .4rem}#view{height:60vh}}
@media print{nav,.controls,.skip{display:none}body{max-width:none}details{break-inside:avoid}}
`;
