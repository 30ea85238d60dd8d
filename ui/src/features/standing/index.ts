export { default as Standing } from "./Standing.svelte";
