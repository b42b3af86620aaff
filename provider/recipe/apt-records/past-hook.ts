import type { LockedPackage } from "../../packages/lock/types";
import { quoted } from "../../packages/capture/errors";
import type { StageRecords } from "./stage-records";

/** How many packages or paths a reason names. */
const SHOWN = 5;

/** What apt's hook was not told in one stage, or what makes apt read other preferences there. */
export interface PastHook {
  kind: "apt-unseen" | "apt-config";
  reason: string;
}

const debKey = ({ name, version, arch }: Pick<LockedPackage, "name" | "version" | "arch">): string =>
  JSON.stringify([name, version, arch ?? ""]);

function list(words: readonly string[]): string {
  const more = words.length > SHOWN ? ` and ${words.length - SHOWN} more` : "";
  return `${words.slice(0, SHOWN).join(", ")}${more}`;
}

/**
 * What went past the hook that apt tells about each package before it unpacks it. Configuration in the image can take
 * the hook away (`#clear` in apt.conf(5)), and so can an environment without APT_CONFIG. Such a package has no hash in
 * the lock, and apt's preferences may not have pinned it.
 *
 * @param present the packages of one stage
 * @param bases the Debian packages of all external images of the recipe
 * @param records what the hook was told in all stages
 * @param own what it was told in this stage
 */
export function pastHook(
  present: readonly LockedPackage[],
  bases: readonly LockedPackage[],
  records: readonly StageRecords[],
  own: StageRecords | undefined,
): PastHook[] {
  const known = new Set([...bases, ...records.flatMap((stage) => stage.records)].map(debKey));
  const unseen = present
    .filter((item) => item.ecosystem === "dpkg" && !known.has(debKey(item)))
    .map(({ name, version }) => `${name} ${version}`);
  const preferences = [...new Set(own?.preferences)].map(quoted);
  const found: PastHook[] = [];
  if (unseen.length > 0) {
    const reason =
      `apt did not tell its hook about ${list(unseen)}, so the lock has no hash of these. ` +
      "Configuration in the image takes the hook away, or a command without APT_CONFIG or something other than apt installed them.";
    found.push({ kind: "apt-unseen", reason });
  }
  if (preferences.length > 0) {
    const reason = `Configuration in the image makes apt read other preferences (${list(preferences)}) than those that pin packages.`;
    found.push({ kind: "apt-config", reason });
  }
  return found;
}
