// A proxy on this machine that passes everything on and notes the tokens that go by: they are what a
// search for tokens looks for, since the server keeps only their hashes.
import { createServer, request } from "node:http";

export class ListeningProxy {
  constructor() {
    /** Access tokens, refresh tokens and codes that went by. */
    this.tokens = new Set();
    this.server = createServer((asked, answer) => this.#pass(asked, answer));
  }

  /** Listens on a free port; `url` is its address then. */
  async start() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  #note(headers, body) {
    const bearer = /^Bearer (\S+)$/.exec(headers.authorization ?? "");
    if (bearer) this.tokens.add(bearer[1]);
    for (const [, token] of body.matchAll(/"(?:access|refresh)_token"\s*:\s*"([^"]+)"/g)) this.tokens.add(token);
    for (const [, token] of body.matchAll(/(?:^|&)(?:refresh_token|code|code_verifier)=([^&]+)/g)) this.tokens.add(decodeURIComponent(token));
  }

  #pass(asked, answer) {
    const listens = asked.url.includes("/oauth/") || asked.url.includes("/token");
    const heard = { asked: "", answered: "" };
    this.#note(asked.headers, "");
    const onward = request(asked.url, { method: asked.method, headers: asked.headers }, (came) => {
      answer.writeHead(came.statusCode, came.headers);
      answer.flushHeaders();
      came.on("data", (bytes) => {
        if (listens) heard.answered += bytes;
        answer.write(bytes);
      });
      came.on("end", () => {
        if (listens) this.#note({}, heard.answered);
        answer.end();
      });
      came.on("error", () => answer.destroy());
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.on("data", (bytes) => {
      if (listens) heard.asked += bytes;
      onward.write(bytes);
    });
    asked.on("end", () => {
      if (listens) this.#note({}, heard.asked);
      onward.end();
    });
  }
}

/** What a program is told so that it speaks through a proxy; what WebKit itself says to its driver goes
 *  straight on. */
export const proxied = (proxy) => ({ http_proxy: proxy.url, GIO_USE_PROXY_RESOLVER: "dummy" });
