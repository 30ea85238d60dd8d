#!/usr/bin/env node
// What a page may not do in the real window, tried there: go away, open windows, load from elsewhere, run
// code from texts, call what it was not given, see pictures of a case that is not open, hold a token.
//   shell.mjs --out DIR
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { checked } from "./checks.mjs";
import { makeCanaries, writeCanaryDocket } from "./canary-docket.mjs";
import { ListeningProxy, proxied } from "./listening-proxy.mjs";
import { Reviewer, target } from "./reviewer.mjs";
import { Key, until } from "./window.mjs";

const tick = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** A server that stands for the rest of the world and counts who asks. */
class World {
  asked = [];
  async start() {
    this.server = createServer((request, answer) => {
      this.asked.push(request.url);
      answer.setHeader("access-control-allow-origin", "*");
      answer.end("<!doctype html><title>elsewhere</title>");
    });
    await new Promise((done) => this.server.listen(0, "127.0.0.1", done));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }
}

class Shell {
  summary = [];
  constructor(me, world, proxy) {
    Object.assign(this, { me, world, proxy });
  }

  get window() {
    return this.me.window;
  }

  check(name, probe) {
    return checked(this.summary, name, probe);
  }

  /** The page is the one it was, in the place it was, and no other window is open. */
  async unmoved(what) {
    const seen = await this.window.run(`return [window.here === 1, location.href, !!document.querySelector('[data-testid="room"]')];`);
    if (!seen[0] || !seen[2] || !/^tauri:\/\/localhost\/?$/.test(seen[1])) throw new Error(`${what} moved the page: ${seen.join(" ")}`);
    const windows = await this.window.session.getAllWindowHandles();
    if (windows.length !== 1) throw new Error(`${what} opened a window`);
  }

  /** Does each thing in the page and finds it unmoved. */
  async tries(attempts) {
    const before = this.world.asked.length;
    await this.window.run("window.here = 1;");
    for (const [what, body] of Object.entries(attempts)) {
      await this.window.run(`try { ${body} } catch (error) { window.lastRefusal = String(error); }`).catch((error) => {
        if (!/alert|JavascriptError/.test(error.name)) throw error;
      });
      await tick(120);
      await this.unmoved(what);
    }
    if (this.world.asked.length > before) throw new Error(`the rest of the world was asked for ${this.world.asked.slice(before).join(", ")}`);
    return `${Object.keys(attempts).length} ways, none went`;
  }

  navigation() {
    const { url } = this.world;
    const add = (html) => `document.body.insertAdjacentHTML("beforeend", ${JSON.stringify(html)});`;
    const click = (html) => `${add(html)} const added = document.body.lastElementChild; (added.querySelector("button") ?? added).click(); added.remove();`;
    return this.tries({
      "location.href": `location.href = "${url}/href";`,
      "location.replace": `location.replace("${url}/replace");`,
      "another origin of the scheme": `location.href = "tauri://elsewhere/";`,
      "a data address": `location.href = "data:text/html,<h1>x</h1>";`,
      "a file": `location.href = "file:///etc/passwd";`,
      "an empty page": `location.href = "about:blank";`,
      "a script's address": `location.href = "javascript:document.body.innerHTML=1";`,
      "the evidence scheme": `location.href = "pingli-evidence://localhost/a/b/0/screen";`,
      "a blob": `location.href = URL.createObjectURL(new Blob(["<h1>x</h1>"], { type: "text/html" }));`,
      "a link": click(`<a href="${url}/link">x</a>`),
      "a link to a new window": click(`<a target="_blank" href="${url}/blank">x</a>`),
      "a link with an opener": click(`<a target="_blank" rel="opener" href="${url}/opener">x</a>`),
      "a download": click(`<a download="x" href="${url}/download">x</a>`),
      "a download of a blob": `const a = document.createElement("a"); a.download = "leak.txt"; a.href = URL.createObjectURL(new Blob(["x"])); a.click();`,
      "a form": click(`<form action="${url}/form"><button>x</button></form>`),
      "a form to a new window": click(`<form target="_blank" method="post" action="${url}/post"><button>x</button></form>`),
      "a meta refresh": `document.head.insertAdjacentHTML("beforeend", '<meta http-equiv="refresh" content="0;url=${url}/refresh">');`,
      "a base": `document.head.insertAdjacentHTML("afterbegin", '<base href="${url}/">');`,
      "a frame": add(`<iframe src="${url}/frame"></iframe>`),
      "a frame of text": add(`<iframe srcdoc="<script>top.location='${url}/srcdoc'</script>"></iframe>`),
      "an object": add(`<object data="${url}/object"></object><embed src="${url}/embed">`),
      "a window": `window.open("${url}/open");`,
      "an empty window": `const w = window.open(); if (w) w.location = "${url}/opened";`,
      "history": `history.back(); history.go(-1);`,
    });
  }

  async loading() {
    const { url } = this.world;
    const answer = await this.window.session.executeAsyncScript(`
      const [url, done] = arguments;
      const tries = {
        fetch: () => fetch(url + "/fetch", { mode: "no-cors" }),
        "fetch of a file": () => fetch("file:///etc/passwd"),
        request: () => new Promise((yes, no) => { const x = new XMLHttpRequest(); x.open("GET", url + "/xhr"); x.onload = yes; x.onerror = no; x.send(); }),
        socket: () => new Promise((yes, no) => { const s = new WebSocket(url.replace("http", "ws")); s.onopen = yes; s.onerror = no; }),
        events: () => new Promise((yes, no) => { const s = new EventSource(url + "/events"); s.onopen = yes; s.onerror = no; }),
        picture: () => new Promise((yes, no) => { const i = new Image(); i.onload = yes; i.onerror = no; i.src = url + "/image"; }),
        "data picture": () => new Promise((yes, no) => { const i = new Image(); i.onload = yes; i.onerror = no; i.src = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="; }),
        font: () => new FontFace("x", "url(" + url + "/font)").load(),
        module: () => import(url + "/module.js"),
        worker: () => new Promise((yes, no) => { const w = new Worker(URL.createObjectURL(new Blob(["postMessage(1)"]))); w.onmessage = yes; w.onerror = no; }),
        script: () => new Promise((yes, no) => { const s = document.createElement("script"); s.src = url + "/script.js"; s.onload = yes; s.onerror = no; document.head.append(s); }),
        sheet: () => new Promise((yes, no) => { const l = document.createElement("link"); l.rel = "stylesheet"; l.href = url + "/sheet.css"; l.onload = yes; l.onerror = no; document.head.append(l); }),
        "evidence as data": () => fetch("pingli-evidence://localhost/a/b/0/screen"),
        eval: async () => (0, eval)("1 + 1"),
        "new Function": async () => new Function("return 1")(),
        "code in a text": async () => { delete window.ran; const s = document.createElement("script"); s.textContent = "window.ran = 1"; document.head.append(s); if (window.ran !== 1) throw 0; },
        "code in an attribute": async () => { delete window.ran; const b = document.createElement("button"); b.setAttribute("onclick", "window.ran = 1"); document.body.append(b); b.click(); b.remove(); if (window.ran !== 1) throw 0; },
        "a timer's text": () => new Promise((yes, no) => { delete window.ran; try { setTimeout("window.ran = 1", 0); } catch {} setTimeout(() => (window.ran ? yes() : no()), 60); }),
      };
      const went = [];
      const one = ([name, act]) => Promise.race([Promise.resolve().then(act).then(() => went.push(name), () => {}), new Promise((end) => setTimeout(end, 2500))]);
      Promise.all(Object.entries(tries).map(one)).then(() => { navigator.sendBeacon?.(url + "/beacon", "x"); setTimeout(() => done([Object.keys(tries).length, went]), 300); });`, url);
    if (answer[1].length) throw new Error(`these went through: ${answer[1].join(", ")}`);
    if (this.world.asked.length) throw new Error(`the rest of the world was asked for ${this.world.asked.join(", ")}`);
    return `${answer[0]} ways of loading and of running texts, none went`;
  }

  async permissions() {
    const seen = await this.window.session.executeAsyncScript(`
      const [done] = arguments;
      const late = new Promise((end) => setTimeout(end, 20_000, "no answer"));
      const ask = (act) => Promise.race([Promise.resolve().then(act).then((x) => "granted: " + x, () => "refused"), late]);
      Promise.all([
        ask(() => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no))),
        ask(() => navigator.mediaDevices.getUserMedia({ video: true })),
        ask(() => navigator.mediaDevices.getUserMedia({ audio: true })),
        ask(() => navigator.mediaDevices.getDisplayMedia({ video: true })),
        ask(async () => { if ((await Notification.requestPermission()) !== "granted") throw 0; }),
        ask(() => navigator.clipboard.readText()),
      ]).then(done);`);
    if (seen.some((one) => one !== "refused")) throw new Error(seen.join(", "));
    return `${seen.length} permissions asked for, all refused`;
  }

  async commands() {
    const commands = ["plugin:opener|open_url", "plugin:opener|open_path", "plugin:opener|reveal_item_in_dir", "plugin:dialog|open", "plugin:dialog|save", "plugin:dialog|message",
      "plugin:window|close", "plugin:window|create", "plugin:webview|create_webview_window", "plugin:webview|internal_toggle_devtools", "plugin:event|emit", "plugin:event|emit_to",
      "plugin:app|version", "plugin:path|resolve_directory", "plugin:resources|close", "plugin:menu|new", "plugin:tray|new", "plugin:image|from_path",
      "plugin:window-state|save_window_state", "plugin:fs|read_text_file", "plugin:shell|execute", "access_token", "tokens"];
    const went = await this.window.session.executeAsyncScript(`
      const [commands, done] = arguments;
      const invoke = window.__TAURI_INTERNALS__.invoke;
      Promise.all(commands.map((command) => Promise.race([
        invoke(command, { url: "https://example.org", path: "/etc/passwd", message: "x", event: "changed", payload: {}, label: "x", options: {} }).then(() => command, (why) => /not allowed|command \\S+ not found/i.test(String(why)) ? null : command + ": " + JSON.stringify(why)),
        new Promise((end) => setTimeout(end, 4000, command + ": no answer"))]))).then((all) => done(all.filter(Boolean)));`, commands);
    if (went.length) throw new Error(`these can be called: ${went.join("; ")}`);
    return `${commands.length} commands that the window was not given, none can be called`;
  }

  /** Loads a picture's renditions in the page; answers with those that came. */
  pictures(seat) {
    return this.window.session.executeAsyncScript(`
      const [seat, done] = arguments;
      const load = (path) => new Promise((end) => { const i = new Image(); i.onload = () => end(path); i.onerror = () => end(null); i.src = "pingli-evidence://localhost/" + seat + "/b-2/0/" + path + "?" + Math.random(); });
      Promise.all(["thumb", "screen", "region/0/0/0/64/64"].map(load)).then((all) => done(all.filter(Boolean)));`, seat);
  }

  async openCaseOnly([open, other]) {
    const here = await this.pictures(open.seat);
    if (here.length !== 3) throw new Error(`of the open case only ${here.join(", ")} came`);
    const there = await this.pictures(other.seat);
    if (there.length) throw new Error(`of a case that is not open came ${there.join(", ")}`);
    await this.me.go("docket");
    await this.window.see("docket-row");
    const after = await this.pictures(open.seat);
    if (after.length) throw new Error(`of a case that was left came ${after.join(", ")}`);
    await this.me.enter(open);
    return "pictures of the open case came, of another and of one that was left none";
  }

  async typedText() {
    const text = "这句话刚刚写下，重新载入也不能丢。";
    await this.window.fill("opinion", text);
    await this.window.run("window.here = 1;");
    for (const [held, key] of [[null, "\uE035"], [Key.CONTROL, "r"], [Key.ALT, Key.ARROW_LEFT]]) {
      await (held ? this.window.chord(held, key) : this.window.type(key));
      await tick(150);
      await this.unmoved(`${held ? "a chord" : "F5"}`);
    }
    const written = () => this.window.run(`return document.querySelector('[data-testid="opinion"]')?.value ?? "";`);
    const before = await written();
    if (!before.includes(text)) throw new Error(`the text is gone: ${before}`);
    await until("the text saved", () => this.window.run(`return document.querySelector('[data-testid="saving"]')?.dataset.saving === "saved";`));
    await this.window.run("location.reload();").catch(() => {});
    await until("the page anew", () => this.window.run(`return window.here !== 1 && !!document.querySelector('[data-testid="docket-row"]');`));
    await this.me.enter(this.cases[0]);
    await until("the text after a reload", async () => (await written()) === before);
    const menus = await this.window.run(`return ["room", "opinion"].map((id) => {
      const event = new MouseEvent("contextmenu", { bubbles: true, cancelable: true });
      document.querySelector('[data-testid="' + id + '"]').dispatchEvent(event);
      return event.defaultPrevented; });`);
    if (menus.join() !== "true,false") throw new Error(`the web view's menu: ${menus}`);
    return "keys of a browser do nothing; after a reload the text is there; its menu is for texts alone";
  }

  async nothingKept() {
    const seen = await this.window.session.executeAsyncScript(`
      const [done] = arguments;
      const count = (name) => { try { return window[name].length; } catch { return 0; } };
      Promise.all([indexedDB.databases?.().catch(() => []) ?? [], globalThis.caches?.keys().catch(() => []) ?? [], navigator.serviceWorker?.getRegistrations().catch(() => []) ?? []])
        .then((lists) => done([count("localStorage"), count("sessionStorage"), document.cookie.length, ...lists.map((list) => list.length)]));`);
    if (seen.some((count) => count !== 0)) throw new Error(`the page keeps something: ${seen}`);
    return "no storage, no cookie, no cache, no worker";
  }

  /** Asks every command that only reads, and reads the page: none has a token that went to the server. */
  async tokens() {
    const { tokens } = this.proxy;
    if (tokens.size < 2) throw new Error("no token went by");
    const held = await this.window.session.executeAsyncScript(`
      const [seat, tokens, done] = arguments;
      const invoke = window.__TAURI_INTERNALS__.invoke;
      const asked = [["app_status"], ["docket"], ["open_case", { seat }], ["outbox"], ["verdicts"], ["points"], ["standing"], ["settings"], ["storage"]];
      Promise.all(asked.map(([command, args]) => invoke(command, args).then(JSON.stringify, String))).then((answers) => {
        const texts = [...answers, document.documentElement.outerHTML, ...Object.getOwnPropertyNames(window).map((name) => { try { return JSON.stringify(window[name]) ?? ""; } catch { return ""; } })];
        done([texts.length, answers.join("").length, tokens.filter((token) => texts.some((text) => text.includes(token))).length]);
      });`, this.cases[0].seat, [...tokens]);
    if (held[1] < 2000) throw new Error("the commands answered nothing");
    if (held[2]) throw new Error("a token reached the page");
    return `${tokens.size} tokens went by, none in ${held[0]} texts of the page`;
  }
}

async function main() {
  const out = resolve(process.argv[process.argv.indexOf("--out") + 1] || join(target, "shell"));
  await rm(out, { recursive: true, force: true });
  await mkdir(join(out, "docket"), { recursive: true });
  await writeCanaryDocket(join(out, "docket"), makeCanaries(), { count: 2, panel: 3 });
  const world = await new World().start();
  const proxy = await new ListeningProxy().start();
  const me = await Reviewer.ready({ out, dockets: [join(out, "docket")], extra: ["--reviewers", "2", "--patience", "86400"], environment: proxied(proxy) });
  const shell = new Shell(me, world, proxy);
  try {
    await me.server.start();
    await me.open();
    await me.signIn();
    shell.cases = await me.take([], 2);
    await me.enter(shell.cases[0]);
    await me.window.see("option");
    await shell.check("the page stays where it is", () => shell.navigation());
    await shell.check("nothing is loaded from elsewhere, no text is code", () => shell.loading());
    await shell.check("no permission is given", () => shell.permissions());
    await shell.check("no command beyond the reviewer's verbs", () => shell.commands());
    await shell.check("pictures of the open case alone", () => shell.openCaseOnly(shell.cases));
    await shell.check("a reload loses no text", () => shell.typedText());
    await shell.check("the page keeps nothing", () => shell.nothingKept());
    await shell.check("no token reaches the page", () => shell.tokens());
  } catch (error) {
    await shell.check("the window could be tried", () => Promise.reject(error));
  } finally {
    await me.close();
    proxy.stop();
    world.server.close();
    await writeFile(join(out, "summary.json"), JSON.stringify(shell.summary, null, 2));
  }
  process.exitCode = shell.summary.length === 8 && shell.summary.every((one) => one.ok) ? 0 : 1;
}

await main();
