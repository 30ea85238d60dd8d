export { default as Charity } from "./Charity.svelte";
