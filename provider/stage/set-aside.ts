import type { ContainerFacts, Containers } from "../engines/containers";
import { StagingBlockedError } from "./errors";
import { BEFORE_LABEL, NAME_LABEL, nameAside, readBefore, RELEASE_LABEL, type SetAside } from "./release";
import { messageOf } from "../base/errors/message";

/**
 * Frees a name for a new container. The container that has the name keeps running on its port, under another name. If an
 * earlier release was interrupted before it was judged, that release is undone first.
 *
 * @param known what the last recorded release has set aside
 * @param stoppedStays true: a stopped container of an earlier release stays stopped when it is put back
 * @returns what was set aside; it is put back if the new release goes red
 * @throws {StagingBlockedError} when both names are taken and no record says by whom, or when Docker would remove the
 *   container on stopping it
 */
export async function setAside(
  containers: Containers,
  name: string,
  known: readonly SetAside[],
  stoppedStays = false,
): Promise<SetAside[]> {
  await undoInterrupted(containers, name, known);
  const there = await containers.find(name);
  if (there === null) return [];
  if (there.autoRemove) {
    throw new StagingBlockedError(
      `${name} was started with --rm: Docker removes it when it is stopped, so it could not be put back if the release ` +
        "goes red; stop it, or start it without --rm",
    );
  }
  await containers.rename(there.id, nameAside(name));
  // A release that has stopped by itself is started again when it is put back. A container that others stopped is not.
  const runsAgain = !stoppedStays && there.labels[RELEASE_LABEL] !== undefined;
  return [{ id: there.id, name, running: there.running || runsAgain }];
}

/** Puts back what an interrupted release has set aside, and removes its container, which was never judged. */
async function undoInterrupted(
  containers: Containers,
  name: string,
  known: readonly SetAside[],
): Promise<void> {
  const before = await containers.find(nameAside(name));
  if (before === null) return;
  const unjudged = await containers.find(name);
  const onLabel = readBefore(unjudged?.labels[BEFORE_LABEL], name);
  const record = [...known, ...onLabel].find(({ id }) => id === before.id);
  if (unjudged !== null && (record === undefined || unjudged.labels[RELEASE_LABEL] === undefined)) {
    throw new StagingBlockedError(
      `there are both ${name} and ${before.name}, and no release is on record that has set ${before.name} aside; ` +
        "remove or rename one of them (docker container rename)",
    );
  }
  if (unjudged !== null) await containers.remove(unjudged.id);
  await putBack(containers, before, { id: before.id, name, running: record?.running ?? true });
}

/**
 * Undoes an interrupted release under names that are no longer used: what it had set aside gets its name back.
 *
 * @param known what the release has set aside
 */
export async function undoElsewhere(
  containers: Containers,
  name: string,
  known: readonly SetAside[],
): Promise<void> {
  for (const one of known.filter((other) => other.name !== name)) {
    const now = await containers.find(one.id);
    if (now?.name === nameAside(one.name)) await undoInterrupted(containers, one.name, known);
  }
}

async function putBack(containers: Containers, now: ContainerFacts, before: SetAside): Promise<void> {
  if (now.name !== before.name) await containers.rename(before.id, before.name);
  if (before.running && !now.running) await containers.start(before.id);
}

/**
 * Undoes a release: removes its container, gives the earlier one its name back and starts it again if it ran.
 *
 * @returns a sentence that says what staging runs now; never throws
 */
export async function restore(
  containers: Containers,
  release: { name: string; containerId: string | null },
  before: readonly SetAside[],
): Promise<string> {
  const { name } = release;
  try {
    for (const { id } of before) {
      if ((await containers.find(id)) !== null) continue;
      // This release was judged good before and is only checked again. There is nothing older to put back.
      return `${name} stays what it is, because what ran before it (${id.slice(0, 12)}) is gone`;
    }
    if (release.containerId !== null) await containers.remove(release.containerId);
    const back: string[] = [];
    for (const one of before) {
      const now = await containers.find(one.id);
      if (now === null) continue;
      await putBack(containers, now, one);
      const image = now.imageId.replace(/^sha256:/, "").slice(0, 12);
      const how = one.running ? "runs what it ran before" : "is stopped, as it was before";
      back.push(`${one.name} ${how} (image ${image})`);
    }
    return back.length > 0 ? back.join("; ") : `${name} is down, as it was before`;
  } catch (error) {
    const detail = messageOf(error);
    return `what ran before could not be put back (${detail}): look at ${name} and ${nameAside(name)}`;
  }
}

/** Removes containers that an interrupted release has made but neither named nor started. */
export async function sweepUnnamed(containers: Containers, name: string): Promise<void> {
  for (const left of await containers.neverStarted(NAME_LABEL, name)) {
    if (left.name !== name && left.name !== nameAside(name)) await containers.remove(left.id);
  }
}

/** Removes what a successful release has replaced. */
export async function discard(containers: Containers, before: readonly SetAside[]): Promise<void> {
  for (const { id } of before) await containers.remove(id);
}

/**
 * Removes a release: its containers, and those of the earlier release that it would go back to. A container that was set
 * aside and is not ours gets its name back and runs.
 */
export async function clearStaging(
  containers: Containers,
  name: string,
  release: string,
  before: readonly SetAside[],
): Promise<void> {
  const ours = ({ id, labels }: ContainerFacts): boolean =>
    labels[RELEASE_LABEL] !== undefined &&
    (labels[RELEASE_LABEL] === release || before.some((one) => one.id === id));
  await sweepUnnamed(containers, name);
  const current = await containers.find(name);
  if (current !== null && ours(current)) await containers.remove(current.id);
  const aside = await containers.find(nameAside(name));
  if (aside === null) return;
  if (aside.labels[RELEASE_LABEL] !== undefined) await containers.remove(aside.id);
  else if ((await containers.find(name)) === null) {
    await putBack(containers, aside, { id: aside.id, name, running: true });
  }
}
