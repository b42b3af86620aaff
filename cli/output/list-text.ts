import type { ListedBuild } from "../listed-build";
import { countWords } from "./counts";
import { table } from "./table";

/** A store's builds, for people. Pure. */
export function listText(builds: readonly ListedBuild[]): string {
  if (builds.length === 0) return "no builds\n";
  const head = ["LAYER", "TIMESTAMP", "STATE", "PACKAGES", "REVISION", ""];
  return table([head, ...builds.map(row)]);
}

function row({ layer, timestamp, state, packages, revision, latest, kept, problem }: ListedBuild): string[] {
  const notes = [latest ? "latest" : "", kept ? "kept" : "", problem ?? ""].filter((note) => note !== "");
  return [
    layer,
    timestamp,
    state,
    packages === null ? "?" : countWords(packages),
    revision === null ? "-" : revision.slice(0, 12),
    notes.join(", "),
  ];
}
