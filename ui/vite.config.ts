import { existsSync, readdirSync, readFileSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

/** Serves the demo docket's photos as the fake backend's pictures; only where there is no program. */
const fakePictures = {
  name: "fake-pictures",
  configureServer: servePictures,
  configurePreviewServer: servePictures,
};
function servePictures(server: {
  middlewares: { use: (path: string, handle: (request: { url?: string }, response: Answer) => void) => void };
}) {
  const cases = "../demo/cases";
  const folders = existsSync(cases) ? readdirSync(cases).map((name) => `${cases}/${name}/photos`) : [];
  const files = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
    .filter((path) => /\.(jpg|png)$/.test(path))
    .sort();
  server.middlewares.use("/fake-pictures", (request, response) => {
    const sum = [...(request.url ?? "")].reduce(
      (total, letter) => (total * 31 + letter.charCodeAt(0)) % 9973,
      7,
    );
    const path = files[sum % Math.max(1, files.length)];
    if (!path) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader("content-type", path.endsWith("png") ? "image/png" : "image/jpeg");
    response.end(readFileSync(path));
  });
}
interface Answer {
  statusCode: number;
  setHeader: (name: string, value: string) => void;
  end: (body?: Uint8Array) => void;
}

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'";

export default defineConfig(({ mode }) => ({
  plugins: [
    svelte(),
    ...(mode === "fake" || mode === "development" ? [fakePictures] : []),
    ...(mode === "test" ? [svelteTesting()] : []),
  ],
  clearScreen: false,
  server: { port: 5183, strictPort: true, host: "127.0.0.1" },
  // The program's own policy, so that what it would refuse fails here too.
  preview: { headers: { "content-security-policy": policy } },
  build: {
    target: "safari16.4",
    // The content security policy allows neither inline scripts nor data: pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./tests/setup.ts"],
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    testTimeout: 90_000,
  },
}));
