/**
 * What can steer a terminal or hide text: control characters, line breaks, and characters without width or that change the
 * direction of writing (Unicode categories Cc, Cf, Zl, Zp, what is ignorable by default, and the blank of Braille).
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Makes a text safe to show on one line: hidden characters, line breaks too, are spelt out as `\u{...}`. */
export function visible(text: string): string {
  return text.replace(HIDDEN, spelt);
}

/**
 * Makes a text of several lines safe to show. Line breaks and tabs stay. All text that goes to a terminal passes through
 * this: names, labels and what other programs print may contain anything.
 */
export function visibleLines(text: string): string {
  return text.replace(HIDDEN, (character) =>
    character === "\n" || character === "\t" ? character : spelt(character),
  );
}

/** A document as JSON that is safe to show; a parser reads the same from it. */
export function visibleJson(document: unknown): string {
  return JSON.stringify(document, null, 2).replace(HIDDEN, (character) =>
    character === "\n"
      ? character
      : [...Array(character.length).keys()].map((at) => unit(character, at)).join(""),
  );
}

function spelt(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function unit(character: string, at: number): string {
  return `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
}
