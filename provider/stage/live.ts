import { warningText } from "../base/words/warning";
import type { ContainerFacts } from "../engines/containers";
import { RELEASE_LABEL } from "./release";

/** A release as it is in the state. */
export interface RecordedRelease {
  name: string;
  release: string;
  imageId: string;
}

/** The present containers: the one with the staging name, and the one that was set aside for it. */
export interface LiveStaging {
  current: ContainerFacts | null;
  aside: ContainerFacts | null;
}

const short = (id: string): string => id.replace(/^sha256:/, "").slice(0, 12);

/** How staging differs from the recorded release, as a sentence; null: it does not. */
export function stagingDrift(recorded: RecordedRelease, live: LiveStaging): string | null {
  const { name, release, imageId } = recorded;
  const { current, aside } = live;
  if (aside !== null) return `release unfinished: ${aside.name} is still there, so ${name} was never judged`;
  if (current === null) return `staging gone: there is no container ${name}`;
  if (current.imageId !== imageId) {
    return `staging replaced: ${name} runs ${short(current.imageId)}, not the ${short(imageId)} that was released`;
  }
  if (current.labels[RELEASE_LABEL] !== release) {
    return `staging replaced: ${name} is not the container that was judged`;
  }
  if (current.paused) return `staging paused: ${name} serves nobody`;
  return current.running ? null : `staging stopped: ${name} has exited with ${current.exitCode}`;
}

/** A release that goes to another engine. */
interface Move {
  name: string;
  /** The engines, in words. */
  from: string;
  to: string;
}

/**
 * What stays behind on the engine that a release leaves, as a sentence; null: nothing does.
 *
 * @param live null: that engine can't be asked
 */
export function movedAway({ name, from, to }: Move, live: LiveStaging | null): string | null {
  const there = [live?.current, live?.aside].flatMap((one) => (one ? [one] : []));
  if (live !== null && there.length === 0) return null;
  const stays =
    live === null
      ? `it can't be told what of ${name} is left on ${from}`
      : there.map((one) => `${one.name} (image ${short(one.imageId)}) stays on ${from}`).join(", ");
  const names = live === null ? name : there.map((one) => one.name).join(" ");
  return warningText({
    what: `staging moves from ${from} to ${to}`,
    why: `${stays}, keeps its port there, and no later update or destroy removes it.`,
    todo: `Once ${to} is green, run \`docker rm --force ${names}\` on the engine of before.`,
  });
}
