/*
 * How a check's output is printed, so that `@pulumi/command` and a terminal can take it. Control characters, and characters
 * without width or that change the direction of writing, are spelt out as `\u{...}`. Long lines are folded.
 */

/**
 * The longest line that is printed, in characters, without the backslash that marks a folded one. `@pulumi/command` never
 * ends when a line has 64 KiB; a character has at most 4 bytes.
 */
const WIDTH = 4096;

/** Text of a JavaScript function that makes a text printable. The check's program can import nothing. */
export const PRINTABLE_FUNCTION = [
  "(text) => text",
  // A line may end in \r\n.
  String.raw`.replace(/(?!\n|\t|\r\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => '\\u{' + one.codePointAt(0).toString(16) + '}')`,
  String.raw`.replace(/[^\n]{1,${WIDTH}}/gu, (piece, at, whole) => /[^\n]/.test(whole.charAt(at + piece.length)) ? piece + '\\\n' : piece)`,
].join("");

/**
 * The same for a POSIX shell: a filter of bytes, which cuts no UTF-8 character in two. Where there is no awk, it lets only
 * the end through, which is too short for a line that is too long.
 */
export const PRINTABLE_FILTER = [
  "if command -v awk >/dev/null 2>&1; then LC_ALL=C awk '",
  String.raw`function spell(first, last, lead, base, c) { for (c = first; c <= last; c++) if (c != 9 && c != 10)`,
  String.raw`  gsub(lead sprintf("%c", c), sprintf("\\\\u{%x}", base + c)) }`,
  String.raw`{ end = sub(/\r$/, "") ? "\r" : ""`,
  String.raw`  if ($0 ~ /[^\t -~]/) {`,
  String.raw`  spell(1, 31, "", 0); spell(127, 127, "", 0); spell(128, 159, "\302", 0); spell(173, 173, "\302", 0)`,
  String.raw`  spell(139, 143, "\342\200", 8064); spell(168, 174, "\342\200", 8064); spell(160, 175, "\342\201", 8128)`,
  String.raw`  spell(191, 191, "\357\273", 65088) }`,
  String.raw`  while (length($0) > ${WIDTH}) { n = ${WIDTH}; while (n > ${WIDTH - 4} && substr($0, n + 1, 1) ~ /[\200-\277]/) n--`,
  String.raw`    print substr($0, 1, n) "\\"; $0 = substr($0, n + 1) }`,
  String.raw`  print $0 end }'; else tail -c ${4 * WIDTH}; fi`,
].join("\n");

/** What was printed, as it was before it was made printable. */
export function asItWas(printed: string): string {
  return printed
    .replace(new RegExp(`(?<![^\\n])([^\\n]{${WIDTH}})\\\\\\n`, "gu"), "$1")
    .replace(/\\u\{([0-9a-f]{1,6})\}/g, (spelt, hex: string) => {
      const code = parseInt(hex, 16);
      return code > 0x10ffff ? spelt : String.fromCodePoint(code);
    });
}
