import { isNewer, type Finding } from "../../provider/packages/upstream/finding";
import { table } from "./table";

/** What `outdated` found, in numbers. */
export interface OutdatedCounts {
  newer: number;
  newest: number;
  cantTell: number;
  notAsked: number;
}

export const countsOf = (findings: readonly Finding[], notAsked: number): OutdatedCounts => ({
  newer: findings.filter(isNewer).length,
  newest: findings.filter((one) => one.why === null && !isNewer(one)).length,
  cantTell: findings.filter(({ why }) => why !== null).length,
  notAsked,
});

/** The number and a noun, which is plural where the number asks for it. */
const some = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** The first line: how old the lock is, and how many packages a renewal may change. */
function summary(name: string, days: number | null, counts: OutdatedCounts): string {
  const age = days === null ? "of unknown age" : `${some(days, "day", "days")} old`;
  const parts = [
    `${some(counts.newer, "package has", "packages have")} a newer version`,
    `${counts.newest} ${counts.newest === 1 ? "has" : "have"} none`,
    ...(counts.cantTell === 0 ? [] : [`could not tell of ${counts.cantTell}`]),
    ...(counts.notAsked === 0 ? [] : [`${counts.notAsked} of other kinds were not looked up`]),
  ];
  return `${name} is ${age}: ${parts.join(", ")}\n`;
}

/** The reasons why nothing could be told, each once, with the packages that it is about. */
function doubts(findings: readonly Finding[]): string {
  const packages = new Map<string, string[]>();
  for (const { name, why } of findings)
    if (why !== null) packages.set(why, [...(packages.get(why) ?? []), name]);
  return [...packages]
    .map(([why, [first = "", ...others]]) => {
      const more = others.length === 0 ? "" : ` and ${some(others.length, "other", "others")}`;
      return `could not tell of ${first}${more}: ${why}\n`;
    })
    .join("");
}

/** What `outdated` found, for people. */
export function outdatedText(
  name: string,
  days: number | null,
  findings: readonly Finding[],
  counts: OutdatedCounts,
): string {
  const newer = findings.filter(isNewer);
  const rows = newer.map(({ name: changed, locked, compatible, newest }) => [
    changed,
    locked,
    compatible ?? "-",
    newest ?? "-",
  ]);
  const listed = newer.length === 0 ? "" : table([["PACKAGE", "LOCKED", "SAME MAJOR", "NEWEST"], ...rows]);
  return `${summary(name, days, counts)}${listed}${doubts(findings)}`;
}
