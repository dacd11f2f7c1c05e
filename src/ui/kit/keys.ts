/** Whether a key belongs to what a person is typing into. */
export const isTyping = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLElement &&
  event.target.matches('select, textarea, input:not([type=radio], [type=checkbox], [type=range])');
