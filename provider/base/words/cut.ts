/** The text before the first `stop`; all of it where there is none. */
export function before(text: string, stop: string): string {
  const at = text.indexOf(stop);
  return at === -1 ? text : text.slice(0, at);
}

/**
 * A text without these characters at its end. A pattern such as `/x+$/` would look at a run of them once from each of its
 * places.
 */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
