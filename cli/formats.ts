import { canonicalLock } from "../provider/packages/lock/canonical";
import type { Lock } from "../provider/packages/lock/types";
import type { BuildRecord } from "../provider/store/record";
import { cyclonedx } from "../provider/packages/views/cyclonedx";
import type { IndexFile } from "../provider/packages/views/index-files";
import { pylock, pylockNames } from "../provider/packages/views/pylock";
import { requirements } from "../provider/packages/views/requirements";
import { sha256sums } from "../provider/store/sha256sums";
import { spdx } from "../provider/packages/views/spdx";
import type { Subject } from "../provider/packages/views/subject";

/** The forms in which `show` prints a lock. */
export const FORMATS = ["json", "cyclonedx", "spdx", "requirements", "pylock", "sha256sums"] as const;
export type Format = (typeof FORMATS)[number];

/** A view of a lock: a JSON document, or the text of a file. */
type View = { document: unknown } | { text: string };

/** What a view is made from. */
interface Viewed {
  lock: Lock;
  record: BuildRecord;
  tool: Subject["tool"];
  /** For requirements and pylock: only this directory of the image. */
  directory?: string;
  /** For pylock: asks a package index for the files of Python distributions. */
  ask(names: readonly string[]): Promise<ReadonlyMap<string, readonly IndexFile[]>>;
}

/** Makes one view of a build. Only `pylock` asks a package index. */
export async function viewOf(format: Format, viewed: Viewed): Promise<View> {
  const { lock, record, tool, directory } = viewed;
  const { name, timestamp, imageId, lockHash, revision } = record;
  const subject: Subject = { name, timestamp, imageId, lockHash, revision, tool };
  switch (format) {
    case "json":
      return { document: JSON.parse(canonicalLock(lock)) as unknown };
    case "cyclonedx":
      return { document: cyclonedx(lock, subject) };
    case "spdx":
      return { document: spdx(lock, subject) };
    case "requirements":
      return { text: requirements(lock, directory) };
    case "pylock":
      return { text: pylock(lock, await viewed.ask(pylockNames(lock, directory)), tool, directory) };
    case "sha256sums":
      return { text: sha256sums(record) };
  }
}
