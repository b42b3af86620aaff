import { privateBundle } from "../../recipe/ca-bundle/bundle";
import type { Lock } from "../../packages/lock/types";
import { aptFinding, isAsked, wantedOf, type Finding, type Wanted } from "../../packages/upstream/finding";
import { askApt } from "./ask-apt";
import { askIndexFor } from "./ask-index";

/** Where packages are looked up. */
export interface UpstreamOptions {
  /** The image's architecture, as Debian calls it: `amd64`. */
  architecture: string;
  /** The Python package index; ends with a slash. */
  index: URL;
  /** The npm registry; ends with a slash. */
  registry: URL;
  /** Milliseconds for everything together. */
  timeoutMs: number;
}

/** What the archives have of the packages of a lock, in the order of the lock, and how many of its packages were not looked up. */
export interface Upstream {
  findings: Finding[];
  /** Packages of ecosystems whose archives nobody asks here. */
  notAsked: number;
}

/** Asks the archives what a renewal of a lock may take today. Nothing is built, and what can't be asked is said. */
export async function lookUp(lock: Lock, options: UpstreamOptions): Promise<Upstream> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  const ca = (await privateBundle()) ?? undefined;
  const how = { ca, signal };
  const wanted = wantedOf(lock.packages);
  const of = (ecosystem: Wanted["ecosystem"]): Wanted[] =>
    wanted.filter((one) => one.ecosystem === ecosystem);
  const debs = of("dpkg");
  const foreign = [...new Set(debs.flatMap(({ arch }) => arch ?? []))];
  const [apt, pip, npm] = await Promise.all([
    debs.length === 0 ? null : askApt(lock.sources, options.architecture, foreign, how),
    askIndexFor("pip", options.index, of("pip"), how),
    askIndexFor("npm", options.registry, of("npm"), how),
  ]);
  const findings = [
    ...(apt === null ? [] : debs.map((one) => aptFinding(one, apt.candidates, apt.unread))),
    ...pip,
    ...npm,
  ];
  return { findings, notAsked: lock.packages.filter(({ ecosystem }) => !isAsked(ecosystem)).length };
}
