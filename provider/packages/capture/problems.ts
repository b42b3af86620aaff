import { quoted } from "./errors";

/** How many files a reason names. The rest are only counted. */
const NAMED = 3;

/** A detector's problems, by path, as one text: `"/a" is cut; "/b" is no JSON; and 4 more`. */
export function problemsReason(problems: ReadonlyMap<string, string>): string {
  const sorted = [...problems].sort(([a], [b]) => (a < b ? -1 : 1));
  const named = sorted.slice(0, NAMED).map(([path, problem]) => `${quoted(path)} ${problem}`);
  const rest = sorted.length - named.length;
  return named.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
