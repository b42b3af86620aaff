import { canonicalLock } from "../provider/lock/canonical";
import type { Lock } from "../provider/lock/types";
import type { BuildRecord } from "../provider/store/record";
import { cyclonedx } from "../provider/views/cyclonedx";
import { requirements } from "../provider/views/requirements";
import { sha256sums } from "../provider/views/sha256sums";
import { spdx } from "../provider/views/spdx";
import type { Subject } from "../provider/views/subject";

/** The forms in which `show` gives a lock. */
export const FORMATS = ["json", "cyclonedx", "spdx", "requirements", "sha256sums"] as const;
export type Format = (typeof FORMATS)[number];

/** A view: a document, or the text of a file. */
export type View = { document: unknown } | { text: string };

/** What a build's views are made of. */
export interface Viewed {
  lock: Lock;
  record: BuildRecord;
  tool: Subject["tool"];
  /** For requirements: only this directory of the image. */
  directory?: string;
}

/** One view of a build. Pure. */
export function viewOf(format: Format, { lock, record, tool, directory }: Viewed): View {
  const { layer, timestamp, imageId, lockHash, revision } = record;
  const subject: Subject = { layer, timestamp, imageId, lockHash, revision, tool };
  switch (format) {
    case "json":
      return { document: JSON.parse(canonicalLock(lock)) as unknown };
    case "cyclonedx":
      return { document: cyclonedx(lock, subject) };
    case "spdx":
      return { document: spdx(lock, subject) };
    case "requirements":
      return { text: requirements(lock, directory) };
    case "sha256sums":
      return { text: sha256sums(record) };
  }
}
