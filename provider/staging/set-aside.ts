import type { ContainerFacts, Containers } from "../engine/containers";
import { StagingBlockedError } from "./errors";
import { nameAside, RELEASE_LABEL, type SetAside } from "./release";

/**
 * Frees a name for a new container: what has it now keeps running, on its port, under another name. A release that
 * was interrupted earlier is undone first, because it was never judged.
 *
 * @param known what earlier releases have set aside, as far as it is on record
 * @returns what was set aside, to be put back if the new release goes red
 * @throws {StagingBlockedError} when both names are taken, and not by a release of ours
 */
export async function setAside(
  containers: Containers,
  name: string,
  known: readonly SetAside[],
): Promise<SetAside[]> {
  await undoInterrupted(containers, name, known);
  const there = await containers.find(name);
  if (there === null) return [];
  await containers.rename(there.id, nameAside(name));
  return [{ id: there.id, name, running: there.running }];
}

/** Puts back what an interrupted release has left aside, and removes its unjudged container. */
async function undoInterrupted(
  containers: Containers,
  name: string,
  known: readonly SetAside[],
): Promise<void> {
  const before = await containers.find(nameAside(name));
  if (before === null) return;
  const unjudged = await containers.find(name);
  if (unjudged !== null && unjudged.labels[RELEASE_LABEL] === undefined) {
    throw new StagingBlockedError(
      `there are both ${name} and ${before.name}, and ${name} was not made by a release; ` +
        `remove or rename one of them (docker container rename)`,
    );
  }
  if (unjudged !== null) await containers.remove(unjudged.id);
  const wasRunning = known.find(({ id }) => id === before.id)?.running ?? true;
  await putBack(containers, before, { id: before.id, name, running: wasRunning });
}

async function putBack(containers: Containers, now: ContainerFacts, before: SetAside): Promise<void> {
  if (now.name !== before.name) await containers.rename(before.id, before.name);
  if (before.running && !now.running) await containers.start(before.id);
}

/**
 * Undoes a release: its container goes, and what ran before gets its name back and runs again.
 *
 * @returns what staging runs now, in words; never throws
 */
export async function restore(
  containers: Containers,
  release: { name: string; containerId: string },
  before: readonly SetAside[],
): Promise<string> {
  const { name } = release;
  try {
    await containers.remove(release.containerId);
    const back: string[] = [];
    for (const one of before) {
      const now = await containers.find(one.id);
      if (now === null) return `${name} is down, and what ran before it (${one.id.slice(0, 12)}) is gone`;
      await putBack(containers, now, one);
      const image = now.imageId.replace(/^sha256:/, "").slice(0, 12);
      back.push(
        `${one.name} ${one.running ? "runs" : "is"} what it ${one.running ? "ran" : "was"} before (image ${image})`,
      );
    }
    return back.length > 0 ? back.join("; ") : `${name} is down, as it was before`;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return `what ran before could not be put back (${detail}): look at ${name} and ${nameAside(name)}`;
  }
}

/** A release turned out well: what it replaced goes. */
export async function discard(containers: Containers, before: readonly SetAside[]): Promise<void> {
  for (const { id } of before) await containers.remove(id);
}

/** Takes a release away: its own containers go; one that somebody else made gets its name back and runs. */
export async function clearStaging(containers: Containers, name: string, release: string): Promise<void> {
  const current = await containers.find(name);
  if (current !== null && current.labels[RELEASE_LABEL] === release) await containers.remove(current.id);
  const aside = await containers.find(nameAside(name));
  if (aside === null) return;
  if (aside.labels[RELEASE_LABEL] !== undefined) await containers.remove(aside.id);
  else if ((await containers.find(name)) === null) {
    await putBack(containers, aside, { id: aside.id, name, running: true });
  }
}
