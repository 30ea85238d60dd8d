export { default as Verdict } from "./Verdict.svelte";
export { default as Verdicts } from "./Verdicts.svelte";
