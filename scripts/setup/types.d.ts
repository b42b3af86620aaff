/** Types that the scripts share. */

/** What every step of the set-up works with. */
interface Context {
  /** The project's root folder. */
  project: string;
  /** The cache folder. */
  cache: string;
  env: NodeJS.ProcessEnv;
  /** Stops all commands that run. */
  signal: AbortSignal;
  /** The step's log file. */
  log: string;
  say: Say;
}

/** Prints a line about what is under way. */
type Say = (text: string) => void;

/** What a step did, with a detail for the brackets. */
type Outcome = { text: string; detail?: string };

/** What a docker CLI said when asked. */
interface DockerFacts {
  path: string;
  /** Its version, "" when it does not answer at all. */
  client: string;
  /** The engine's version; null when none answers, and `error` says why. */
  server: string | null;
  /** The engine's architecture as Go names it: `amd64`. */
  arch: string | null;
  /** Whether it has the buildx plugin. */
  buildx: boolean;
  error: string;
}

/** A tool of a pins.json, which is fetched, or built with Go, into the cache folder. */
interface PinnedTool {
  name: string;
  /** Of Pulumi's CLI also the oldest that is accepted. */
  version: string;
  /** The page that says how people install it. */
  manual: string;
  /** The program, or an archive with it; `{version}`, `{platform}`, `{arch}` and `{machine}` are filled in. */
  official?: string;
  /** Of the official files, by platform. */
  sha256?: Record<string, string>;
  /** The tool itself first. Each has its Go module (a folder, whose go.sum pins it), and the version's variable. */
  programs: { file: string; module: string; package: string; stamp: string }[];
}
