import { listBuilds } from "./builds";
import { buildPaths } from "./paths";
import { readRecord, writeRecord } from "./record";

/** A resource's build before and after an operation; null: it has none. */
export interface HeldBuilds {
  before: string | null;
  now: string | null;
}

/**
 * Writes down that the Pulumi state of a resource has another build of an artifact now. Two states can be of resources with
 * the same URN, so a build can be held twice by one URN, and each state lets go of its own build only. The caller must have
 * the lease on the artifact.
 *
 * @param holder the resource's URN
 */
export async function moveHold(
  root: string,
  name: string,
  holder: string,
  { before, now }: HeldBuilds,
): Promise<void> {
  if (now !== null) {
    await change(root, name, now, (holders) =>
      before === now && holders.includes(holder) ? holders : [...holders, holder].sort(),
    );
  }
  if (before === null || before === now) return;
  await change(root, name, before, (holders) => {
    const at = holders.indexOf(holder);
    return at === -1 ? holders : holders.toSpliced(at, 1);
  });
}

/** Takes a resource's URN from all builds of an artifact, however often it stands there. See {@link moveHold}. */
export async function forgetHolder(root: string, name: string, holder: string): Promise<void> {
  for (const timestamp of await listBuilds(root, name)) {
    await change(root, name, timestamp, (holders) =>
      holders.includes(holder) ? holders.filter((one) => one !== holder) : holders,
    );
  }
}

async function change(
  root: string,
  name: string,
  timestamp: string,
  by: (holders: readonly string[]) => readonly string[],
): Promise<void> {
  const { record: file } = buildPaths(root, name, timestamp);
  const record = await readRecord(file);
  if (record === null) return;
  const { heldBy = [], ...rest } = record;
  const changed = by(heldBy);
  if (changed === heldBy) return;
  await writeRecord(file, { ...rest, ...(changed.length === 0 ? {} : { heldBy: [...changed] }) });
}
