/** Terminal sequences: CSI (colours, cursor), OSC (titles, links), and two-character escapes (ECMA-48). */
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -Z\\-~])/g;
/** The other control characters, except the tab, which is text. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The last lines of a log as plain text: without overwritten progress, colours and control characters. */
export function tailOf(log: string, lines: number): string {
  return log
    .split("\n")
    .map((line) =>
      line
        .split("\r")
        .filter((part) => part !== "")
        .at(-1)
        ?.replace(SEQUENCES, "")
        .replace(CONTROLS, "")
        .trimEnd(),
    )
    .filter((line): line is string => line !== undefined && line !== "")
    .slice(-lines)
    .join("\n");
}
