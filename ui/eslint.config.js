// Lints, and the arrows of the window: only src/backend knows Tauri, and a feature never imports
// the insides of a sibling feature.
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const features = [
  "welcome",
  "docket",
  "room",
  "outbox",
  "verdicts",
  "charity",
  "standing",
  "settings",
  "shell",
];
const tauri = { group: ["@tauri-apps/*"], message: "Only src/backend talks to Tauri." };
const fake = {
  group: ["**/backend/fake*", "**/backend/fake/**"],
  message: "The fake backend is chosen in main.ts only.",
};

export default ts.config(
  { ignores: ["dist/", "dist-fake/", "node_modules/", "src/backend/generated/", "tests/shots/"] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      "no-undef": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "svelte/no-at-html-tags": "error",
      // Spaces between inline pieces are written out, and style: directives go through the CSSOM,
      // which the content security policy allows; a style attribute would be refused.
      "svelte/no-useless-mustaches": "off",
      "no-restricted-syntax": [
        "error",
        { selector: "SvelteAttribute[key.name='style']", message: "Use style: directives." },
      ],
      "svelte/no-navigation-without-resolve": "off",
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  { files: ["tests/*.mjs"], languageOptions: { globals: { ...globals.node } } },
  {
    files: ["src/**/*.{ts,svelte}"],
    ignores: ["src/backend/**", "src/main.ts", "src/**/*.test.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [tauri, fake] }] },
  },
  ...features.map((feature) => ({
    files: [`src/features/${feature}/**/*.{ts,svelte}`],
    ignores: ["src/**/*.test.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            tauri,
            fake,
            {
              group: ["**/app/App.svelte", "**/app/Screens.svelte"],
              message: "A feature does not know the whole.",
            },
            ...features
              .filter((sibling) => sibling !== feature)
              .map((sibling) => ({
                group: [`**/${sibling}/*`, `!**/fake/*`],
                message: `A feature does not import the insides of ${sibling}.`,
              })),
          ],
        },
      ],
    },
  })),
);
