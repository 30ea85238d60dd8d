export { default as Room } from "./Room.svelte";
