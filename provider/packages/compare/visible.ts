/**
 * Makes a text safe to show on one line. Control characters, line breaks and characters that change the direction of
 * writing are spelt out as `\u{...}`. Names and versions come from images, so they may contain anything.
 */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
