// What the page of a program refuses although a page on the web would do it: a menu that leads away
// (back, reload, save the picture), pictures dragged out of the window, addresses dropped into it.
// The shell refuses where they would lead as well; here the reviewer is not even offered it.

/** Whether a text can be edited here, so that cutting and pasting belong to it. */
function isField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "button", "range"].includes(target.type);
  return target instanceof HTMLElement && target.isContentEditable;
}

/** The web view's own menu is for texts: in a field, and where a text is selected. */
export function onMenu(event: MouseEvent): void {
  const selected = window.getSelection()?.isCollapsed === false;
  if (!isField(event.target) && !selected) event.preventDefault();
}

/** Nothing but a selected text leaves the window by dragging. */
export function onDragStart(event: DragEvent): void {
  const { target } = event;
  if (target instanceof HTMLImageElement || target instanceof HTMLAnchorElement) event.preventDefault();
}

/** What is dropped anywhere but into a field goes nowhere. */
export function onDrop(event: DragEvent): void {
  if (!isField(event.target)) event.preventDefault();
}
