import { StoreError } from "../base/errors/store-error";
import { listBuilds } from "./builds";
import { buildPaths } from "./paths";
import { readRecord, type BuildRecord } from "./record";

/** A build with its record; null: the store has none, or none that can be understood. */
export interface ListedBuild {
  timestamp: string;
  record: BuildRecord | null;
}

/**
 * An artifact's builds in the order in which they were made, oldest first. Timestamps only decide between builds of older
 * versions, which have no number: a clock can jump back.
 */
export async function buildsInOrder(root: string, name: string): Promise<ListedBuild[]> {
  const builds = await Promise.all(
    (await listBuilds(root, name)).map(async (timestamp) => {
      const { record } = buildPaths(root, name, timestamp);
      const known = await readRecord(record).catch((error: unknown) => {
        if (error instanceof StoreError) return null;
        throw error;
      });
      return { timestamp, record: known };
    }),
  );
  return builds.sort((a, b) => sequenceOf(a) - sequenceOf(b));
}

const sequenceOf = ({ record }: ListedBuild): number => record?.sequence ?? 0;

/** The number of the next build of an artifact, whose lease the caller has. */
export async function nextSequence(root: string, name: string): Promise<number> {
  const builds = await buildsInOrder(root, name);
  return Math.max(0, ...builds.map(sequenceOf)) + 1;
}
