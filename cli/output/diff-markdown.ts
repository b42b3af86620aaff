import { visible } from "../../provider/base/words/visible";
import { baseWords, type Difference } from "../difference";

/** A text as code, which no Markdown in it can leave and no name in it can notify. In a table a bar ends a cell. */
function code(text: string | null): string {
  if (text === null || text === "") return "";
  const shown = visible(text).replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${fence}${space}${shown}${space}${fence}`;
}

const row = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;

/** A difference as a table for the comment of a pull request; if there is none, the summary. */
export function diffMarkdown({ identical, changed, added, removed, bases, summary }: Difference): string {
  if (identical) return `${summary}\n`;
  const rows = [
    ...bases.map(({ reference, from, to }) => row(`base ${code(reference)}`, code(from), code(to))),
    ...changed.map(({ name, from, to }) => row(code(name), code(from), code(to))),
    ...added.map(({ name, version }) => row(code(name), "", code(version))),
    ...removed.map(({ name, version }) => row(code(name), code(version), "")),
  ];
  const counts = [`${changed.length} changed`, `${added.length} added`, `${removed.length} removed`];
  const head = `**${counts.join(", ")}**${bases.length === 0 ? "" : `, and ${baseWords(bases.length)}`}`;
  return `${head}\n\n${row("package", "before", "after")}${row("---", "---", "---")}${rows.join("")}`;
}
