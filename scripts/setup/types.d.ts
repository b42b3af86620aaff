/** Types that the scripts share. */

/** Prints a line about what is under way. */
type Say = (text: string) => void;

/** What a step did, with a detail for the brackets. */
type Outcome = { text: string; detail?: string };

/** What every step works with: two folders, a signal that stops all commands, and the step's log file. */
interface Context {
  project: string;
  cache: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  log: string;
  say: Say;
}

type Does = <T extends Outcome>(
  step: string,
  work: (context: Context) => Promise<T>,
  variables?: Record<string, string>,
) => Promise<T>;

/** What a docker CLI said when asked. `client`: its version, "" when it does not answer at all. */
interface DockerFacts {
  path: string;
  client: string;
  /** The engine's version; null when none answers, and `error` says why. */
  server: string | null;
  /** The engine's architecture as Go names it: `amd64`. */
  arch: string | null;
  /** Whether it has the buildx plugin. */
  buildx: boolean;
  error: string;
}

/** A tool of a pins.json, which is fetched, or built with Go, into the cache folder. `manual` says how people install it. */
interface PinnedTool {
  name: string;
  /** Of Pulumi's CLI also the oldest that is accepted. */
  version: string;
  manual: string;
  /** The program, or an archive with it; `{version}`, `{platform}`, `{arch}` and `{machine}` are filled in. */
  official?: string;
  /** Of the official files, by platform. */
  sha256?: Record<string, string>;
  /** The tool itself first. Each has its Go module (a folder, whose go.sum pins it), and the version's variable. */
  programs: { file: string; module: string; package: string; stamp: string }[];
}
