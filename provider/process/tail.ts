/** The last lines of a log as plain text: progress rewrites and colours taken out. Pure. */
export function tailOf(log: string, lines: number): string {
  return log
    .split("\n")
    .map((line) =>
      line
        .split("\r")
        .filter((part) => part !== "")
        .at(-1)
        ?.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "")
        .trimEnd(),
    )
    .filter((line): line is string => line !== undefined && line !== "")
    .slice(-lines)
    .join("\n");
}
