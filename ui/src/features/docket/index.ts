export { default as Docket } from "./Docket.svelte";
export { default as LeaveDialog } from "./LeaveDialog.svelte";
export { panelSentence } from "./sentences";
