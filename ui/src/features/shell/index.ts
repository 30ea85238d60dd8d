export { default as Frame } from "./Frame.svelte";
export { default as KeyList } from "./KeyList.svelte";
export { default as QuitDialog } from "./QuitDialog.svelte";
export { default as Toasts } from "./Toasts.svelte";
export { default as UnkeptStrip } from "./UnkeptStrip.svelte";
