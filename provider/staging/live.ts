import type { ContainerFacts } from "../engine/containers";
import { RELEASE_LABEL } from "./release";

/** A release as it was recorded. */
export interface RecordedRelease {
  name: string;
  release: string;
  imageId: string;
}

/** A container and what has been set aside for it, now. */
export interface LiveStaging {
  current: ContainerFacts | null;
  aside: ContainerFacts | null;
}

const short = (id: string): string => id.replace(/^sha256:/, "").slice(0, 12);

/** How staging differs from the release on record, in words; null when it does not. Pure. */
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
