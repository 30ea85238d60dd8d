// What is wrong with a screen as it is painted: what axe finds against WCAG 2.2 AA, a page that is wider
// than its window, a control that nobody can get to.
import { readFile } from "node:fs/promises";

const axe = await readFile(new URL("../../ui/node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/** Controls that can be used and are neither in the window nor in anything that scrolls to them. */
const LOST = `
  const name = (e) => e.tagName.toLowerCase() + " " + (e.dataset.testid || e.getAttribute("aria-label") || e.innerText || e.className || "").slice(0, 40).trim();
  const overlap = (a, b) => ({
    left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) });
  const nothing = (r) => r.right - r.left < 1 || r.bottom - r.top < 1;
  const reach = (e) => {
    let box = e.getBoundingClientRect();
    if (nothing(box)) return "has no size";
    let at = getComputedStyle(e).position;
    for (let p = e.parentElement; p && p !== document.documentElement; p = p.parentElement) {
      const style = getComputedStyle(p);
      // What is taken out of the flow is clipped only by what it stands in.
      if (at === "fixed") break;
      if (at === "absolute" && style.position === "static" && style.transform === "none" && style.contain === "none") continue;
      at = style.position;
      const around = p.getBoundingClientRect();
      if (/auto|scroll/.test(style.overflowX + style.overflowY)) {
        const x = box.right - around.left + p.scrollLeft;
        const y = box.bottom - around.top + p.scrollTop;
        if (x < 1 || y < 1) return "lies before the beginning of " + name(p);
        if (!/auto|scroll/.test(style.overflowX) && nothing(overlap(box, { ...around.toJSON(), top: -1e9, bottom: 1e9 }))) return "is cut off by " + name(p);
        if (!/auto|scroll/.test(style.overflowY) && nothing(overlap(box, { ...around.toJSON(), left: -1e9, right: 1e9 }))) return "is cut off by " + name(p);
        box = around;
      } else if (/hidden|clip/.test(style.overflowX + style.overflowY) || /inset|rect/.test(style.clipPath)) {
        box = overlap(box, {
          left: style.overflowX === "visible" ? -1e9 : around.left, right: style.overflowX === "visible" ? 1e9 : around.right,
          top: style.overflowY === "visible" ? -1e9 : around.top, bottom: style.overflowY === "visible" ? 1e9 : around.bottom });
        if (nothing(box)) return "is cut off by " + name(p);
      }
    }
    return nothing(overlap(box, { left: 0, top: 0, right: innerWidth, bottom: innerHeight })) ? "is outside of the window" : "";
  };
  const whole = document.querySelector("dialog[open]") ?? document.body;
  const controls = [...whole.querySelectorAll("a[href], button, input, select, textarea, summary, [role=slider], [role=tab], [role=radio], [tabindex='0']")]
    .filter((e) => !e.disabled && !e.closest("[inert]") && e.checkVisibility({ visibilityProperty: true }));
`;

/** Everything that is wrong, one line each. */
export async function wrongs(window) {
  if (!(await window.run(`return typeof axe === "object";`))) await window.run(`${axe}; globalThis.axe = axe; return true;`);
  const found = await window.session.executeAsyncScript(
    `const done = arguments[arguments.length - 1];
     axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] })
       .then((r) => done(r.violations.map((v) => v.id + " × " + v.nodes.length + ": " + v.nodes[0].html.slice(0, 120) + " " + (v.nodes[0].any[0]?.message ?? "").slice(0, 120))),
             (e) => done(["axe: " + e]));`,
  );
  const wide = await window.run(`const wide = document.documentElement.scrollWidth - innerWidth; return wide > 1 ? ["the page is " + wide + " px too wide"] : [];`);
  return [...found, ...wide, ...(await lost(window))];
}

/** The controls that are lost, and one line of their own when there is none to look at. */
export async function lost(window) {
  const { gone, many } = await window.run(`${LOST}
    return { many: controls.length, gone: controls.map((e) => [name(e), reach(e)]).filter(([, why]) => why).map(([who, why]) => "lost: " + who + " " + why) };`);
  return many ? gone : ["there is no control at all"];
}

/** Whether a control that was moved out of the window, clipped or made nothing of is found: the check
 *  itself, tried on the page. */
export async function findsLost(window) {
  const before = await lost(window);
  const seen = [];
  for (const style of ["position:fixed;left:-500px;top:0", "position:absolute;left:0;top:99999px", "width:0;height:0;padding:0;border:0;min-width:0;min-height:0;overflow:hidden"]) {
    await window.run(
      `const box = document.createElement("div"); box.id = "lost-trial"; box.style.cssText = "position:relative;overflow:clip;height:0";
       box.innerHTML = '<button type="button" aria-label="trial">x</button>'; box.firstChild.style.cssText = arguments[0];
       (document.querySelector("main") ?? document.body).append(box);`,
      style,
    );
    seen.push((await lost(window)).filter((one) => !before.includes(one)));
    await window.run(`document.querySelector("#lost-trial").remove();`);
  }
  return seen.every((one) => one.length === 1 && /trial/.test(one[0]));
}
