import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";
import { servePictures } from "./fakePictures.ts";

const fakePictures = {
  name: "fake-pictures",
  configureServer: servePictures,
  configurePreviewServer: servePictures,
};

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
