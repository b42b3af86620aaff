import { posix } from "node:path";
import { type ShellCall } from "../shell-calls";
import { type ShellWord } from "../shell-commands";
import { hasLock, isLockName, resolvePath, SOMEWHERE, type StageFiles } from "./lock-files";
import { matchesName } from "./patterns";
import { type RunFacts } from "./rule";

/** More changes of lock files in one RUN are not followed. */
const MAXIMUM_CHANGES = 200;
/** No further words of a call are looked at for paths. */
const MAXIMUM_WORDS = 40;

/**
 * Follows the lock files through the calls of a RUN: `cd`, what is written, copied or removed. Changes `files` to what is
 * there after the RUN, and returns the question which locks are there for one of its calls.
 *
 * @param mounted the paths that are only there while the RUN runs
 */
export function followRun(
  calls: readonly ShellCall[],
  files: StageFiles,
  mounted: readonly string[],
  value: RunFacts["value"],
): RunFacts["brings"] {
  const places = new Map<ShellWord, StageFiles>();
  let { directory, paths } = files;
  let changes = 0;
  for (const { name, args, redirects, word } of calls) {
    places.set(word, { directory, paths });
    const operands = args.filter(({ text }) => !text.startsWith("-")).map(at);
    if (name === "cd" || name === "pushd") directory = operands[0] ?? SOMEWHERE;
    const into = operands.at(-1) ?? directory;
    const written = [
      ...redirects.filter(({ operator }) => operator.startsWith(">")).map(({ target }) => at(target)),
      ...(name === "tee" ? operands : []),
      ...(/^(?:cp|mv|ln|install)$/.test(name)
        ? [into, ...operands.slice(0, -1).map((path) => posix.join(into, posix.basename(path)))]
        : []),
    ].filter(isLockName);
    const removed = name === "rm" || name === "mv" ? operands.slice(0, name === "mv" ? -1 : undefined) : [];
    const lost =
      removed.length === 0 ? [] : [...paths].filter((path) => removed.some((gone) => covers(gone, path)));
    if (written.length + lost.length === 0 || ++changes > MAXIMUM_CHANGES) continue;
    paths = new Set([...[...paths].filter((path) => !lost.includes(path)), ...written]);
  }
  files.paths = paths;
  const answers = new Map<Set<string>, Map<string, boolean>>();
  return (call, names, below) => {
    const place = places.get(call.word) ?? files;
    const known = answers.get(place.paths) ?? new Map<string, boolean>();
    answers.set(place.paths, known);
    const has = (path: string, name: string): boolean => {
      const question = `${path} ${name} ${below}`;
      const answer =
        known.get(question) ?? [place.paths, mounted].some((those) => hasLock(those, path, name, below));
      known.set(question, answer);
      return answer;
    };
    const asked = call.args
      .slice(0, MAXIMUM_WORDS)
      .map(({ text }) => text.replace(/^-[^=]*=/, ""))
      .filter((text) => !text.startsWith("-") && (text.includes("/") || text.includes(".")))
      .map((text) => resolvePath(place.directory, value(text) ?? SOMEWHERE));
    return names.some((name) => [place.directory, ...asked].some((path) => has(path, name)));
  };

  function at({ text, substituted }: ShellWord): string {
    const known = substituted ? null : text.includes("$") ? value(text) : text;
    return known === null ? SOMEWHERE : resolvePath(directory, known);
  }
}

/** Whether a word of `rm` or `mv` means a path, or a folder above it. */
function covers(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const parts = path.split("/");
  return (
    wanted.length <= parts.length && wanted.every((part, index) => matchesName(part, parts[index] as string))
  );
}
