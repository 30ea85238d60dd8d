// What the measurements do inside a page: the same text runs in the real window and in the browser that
// it is compared with. Times are in milliseconds.
export const PAGE = `
  const id = (name) => document.querySelector('[data-testid="' + name + '"]');
  const frame = () => new Promise(requestAnimationFrame);
  const painted = async () => { await frame(); await frame(); };
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));
  const rows = () => [...document.querySelectorAll('[data-testid="chat-list"] [data-seq]')];
  const inView = () => {
    const list = id("chat-list"); if (!list) return [];
    const box = list.getBoundingClientRect();
    return rows().filter((row) => { const b = row.getBoundingClientRect(); return b.bottom > box.top + 1 && b.top < box.bottom - 1; });
  };
  const filled = () => inView().length > 2;
  const wait = async (what, test) => {
    const end = performance.now() + 20000;
    while (!test()) { if (performance.now() > end) throw new Error("not seen: " + what); await frame(); }
  };
  // The longest time in which the page's own thread answered nobody.
  const watch = () => {
    let last = performance.now(), worst = 0, on = true;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const now = performance.now(); worst = Math.max(worst, now - last); last = now;
      if (on) setTimeout(() => channel.port2.postMessage(0), 4);
    };
    channel.port2.postMessage(0);
    return () => { on = false; return worst; };
  };
  // Every call from the page to the core is a request; what came back as JSON is looked through for bytes.
  const counting = () => {
    const calls = [], reads = [], real = window.fetch;
    const isCall = (url) => /^ipc:|^https?:\\/\\/ipc\\.localhost/.test(url);
    window.fetch = async (...request) => {
      const url = String(request[0]?.url ?? request[0]);
      const answer = real.apply(window, request);
      if (!isCall(url)) return answer;
      const call = { name: decodeURIComponent(url.split("/").pop()), bytes: 0, numbers: false };
      if (call.name.startsWith("plugin:event")) return answer;
      calls.push(call);
      reads.push(answer.then((got) => got.clone().text()).then((text) => {
        call.bytes = text.length;
        call.numbers = /\\[\\d{1,3}(,\\d{1,3}){99}/.test(text);
      }, () => {}));
      return answer;
    };
    return async (settle = 500) => {
      await rest(settle); await Promise.all(reads);
      window.fetch = real;
      return calls;
    };
  };
  const bench = {
    // From the list of cases: the room is made anew, and the log is read anew.
    async openCase(seat) {
      if (id("leave-room")) { id("leave-room").click(); await wait("the docket", () => id("docket-row")); await painted(); await rest(200); }
      const button = document.querySelector('[data-testid="docket-row"][data-seat="' + seat + '"] [data-testid="open-case"]');
      const stop = watch(); const began = performance.now();
      button.click(); await wait("the chat", filled); await painted();
      return { ms: performance.now() - began, blocked: stop() };
    },
    // From another viewer of the same room: the log is there.
    async showChat() {
      id("tab-order").click(); await wait("the order", () => !id("chat-list")); await painted(); await rest(150);
      const began = performance.now();
      id("tab-chat").click(); await wait("the chat", filled); await painted();
      return performance.now() - began;
    },
    async scroll(frames) {
      const list = id("chat-list"); const deltas = [];
      list.scrollTop = list.scrollTop < list.scrollHeight / 2 ? list.scrollTop + 4000 : 0;
      await painted(); await wait("the start", filled); await rest(400);
      const stop = watch();
      let last = await frame(), empty = 0;
      for (let n = 0; n < frames; n++) { list.scrollTop += 90; const now = await frame(); deltas.push(now - last); last = now; if (!filled()) empty++; }
      return { deltas, empty, blocked: stop() };
    },
    async idle(frames) {
      const deltas = []; let last = await frame();
      for (let n = 0; n < frames; n++) { const now = await frame(); deltas.push(now - last); last = now; }
      return deltas;
    },
    async jump(times) {
      const list = id("chat-list"); const spent = [];
      await rest(200);
      const stop = watch();
      const turn = (bench.turn ??= { n: 0 });
      for (let k = 0; k < times; k++) {
        const to = ((++turn.n * 0.381966) % 1) * (list.scrollHeight - list.clientHeight);
        const before = rows()[0]?.dataset.seq; const began = performance.now();
        list.scrollTop = to; await frame(); await wait("rows after a jump", () => filled() && rows()[0]?.dataset.seq !== before); await painted();
        spent.push(performance.now() - began);
        await rest(120);
      }
      return { spent, blocked: stop() };
    },
    async grid(n) {
      await wait("the room", () => id("tab-photos"));
      id("tab-photos").click();
      if (id("photo-grid")) id("photo-grid").click();
      await wait("the grid", () => document.querySelectorAll('[data-testid="photo-tile"]').length > n); await painted();
      const tile = document.querySelectorAll('[data-testid="photo-tile"]')[n];
      tile.scrollIntoView({ block: "center" });
      await wait("its thumbnail", () => { const i = tile.querySelector("img"); return !i || i.complete && i.naturalWidth > 0; });
      await rest(300);
    },
    async photo(n) {
      await bench.grid(n);
      const tile = document.querySelectorAll('[data-testid="photo-tile"]')[n];
      const stop = watch(); const began = performance.now();
      tile.click();
      const sharp = () => [...document.querySelectorAll('[data-testid="photo-single"] img')].find((i) => i.complete && i.naturalWidth > 1000);
      await wait("the picture", sharp); await sharp().decode().catch(() => {}); await painted();
      const ms = performance.now() - began;
      await rest(200);
      return { ms, blocked: stop() };
    },
  };
`;
