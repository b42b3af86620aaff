import { backgroundNote } from "../../provider/build/roundtrip/background-words";
import type { ListedBuild } from "../listed-build";
import { countWords } from "./counts";
import { table } from "./table";

/** A store's builds, for people. */
export function listText(builds: readonly ListedBuild[]): string {
  if (builds.length === 0) return "no builds\n";
  const head = ["NAME", "TIMESTAMP", "STATE", "PACKAGES", "REVISION", ""];
  return table([head, ...builds.map(row)]);
}

function row(build: ListedBuild): string[] {
  const { name, timestamp, state, background, packages, revision, latest, kept, contextChanged, problem } =
    build;
  const verifying = background === null ? "" : backgroundNote(background);
  const unsteady = contextChanged === null ? "" : "the context changed during the build";
  const by = build.writer === undefined ? "" : `by ${build.writer}`;
  const notes = [latest ? "latest" : "", by, kept ? "kept" : "", verifying, unsteady, problem ?? ""].filter(
    (note) => note !== "",
  );
  return [
    name,
    timestamp,
    background?.phase === "running" ? "verifying" : state,
    packages === null ? "?" : countWords(packages),
    revision === null ? "-" : revision.slice(0, 12),
    notes.join(", "),
  ];
}
