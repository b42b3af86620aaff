import { quoted } from "./errors";

/** How many files a reason names before it only counts. */
const NAMED = 3;

/** One sentence for a detector's problems by path: `"/a" is cut; "/b" is no JSON; and 4 more`. */
export function problemsReason(problems: ReadonlyMap<string, string>): string {
  const sorted = [...problems].sort(([a], [b]) => (a < b ? -1 : 1));
  const named = sorted.slice(0, NAMED).map(([path, problem]) => `${quoted(path)} ${problem}`);
  const rest = sorted.length - named.length;
  return named.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
