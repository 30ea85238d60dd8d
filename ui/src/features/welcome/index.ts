export { default as SignedOut } from "./SignedOut.svelte";
export { default as Locked } from "./Locked.svelte";
export { default as Welcome } from "./Welcome.svelte";
export { default as Opening } from "./Opening.svelte";
