/**
 * One line of text that can be shown to a person: control characters, line breaks and characters that turn the
 * direction of writing are spelt out as `\u{...}`. Names and versions come from images, and an image may hold
 * anything.
 */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
