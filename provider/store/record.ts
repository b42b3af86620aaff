import { basename } from "node:path";
import { z } from "zod";
import { recordedInputs } from "../inputs/image-inputs";
import { configDigest, imageId } from "../base/reference/schemas";
import { StoreError } from "../base/errors/store-error";
import { readPlain } from "./read-plain";
import { writePrivate } from "./write";

const schema = z.object({
  ...recordedInputs.shape,
  schema: z.literal(2, {
    error: "written by another version of this package, whose builds are not migrated",
  }),
  timestamp: z.string(),
  /**
   * The number of the build among those of its artifact, from 1, in the order in which they were made. A clock can jump
   * back. Records of older versions lack it.
   */
  sequence: z.int().min(1).optional(),
  /** URNs of the resources whose Pulumi state has this build. It is not pruned while there are any. Default: none. */
  heldBy: z.array(z.string()).optional(),
  /** One hash over everything that the build can see. */
  key: z.string(),
  imageId,
  /** The digest of its configuration, which is the same on every engine. Left out: the engine did not tell. */
  configDigest: configDigest.optional(),
  reference: z.string(),
  recipeHash: z.string(),
  contextHash: z.string(),
  /** A sentence; present if the context, or the work tree of the revision, changed meanwhile. Then no rebuild can prove anything. */
  contextChanged: z.string().optional(),
  lockHash: z.string(),
  /** Hash of the locked recipe. */
  lockedHash: z.string(),
  /** Hash of the files that the locked recipe mounts; left out if there are none. */
  pinsHash: z.string().optional(),
  /** The base images that were used, by the recipe's references. */
  bases: z.array(
    z.object({
      ...{ reference: z.string(), digest: z.string(), imageId, pinned: z.string() },
      /** The image that stood for the reference, if the input `contexts` named one. */
      image: z.string().optional(),
      /** The ONBUILD instructions of the image. */
      onbuild: z.array(z.string()).optional(),
    }),
  ),
  /**
   * Lock files of npm projects, by stage and directory, which the rebuild needs. `run` is the last RUN after which a file
   * was there, if a later one changed it.
   */
  npmProjects: z.array(
    z.object({ stage: z.number().int(), root: z.string(), lock: z.string(), run: z.int().min(1).optional() }),
  ),
  /**
   * Stages (`""` for the image's own) whose transient packages may be missing from the lock, because part of the
   * build's log is missing. Records of older versions of this package lack this field.
   */
  incompleteTransients: z.array(z.string()).optional(),
  /**
   * Stages (`""` for the image's own) of which it could not be told what pip and npm had installed after each RUN. The
   * lock has none of what later RUNs replaced there. Default: none.
   */
  unordered: z.array(z.string()).optional(),
  /**
   * Salted hashes of the build arguments and labels that are secrets of the program. These are not among the others.
   * Default: none.
   */
  hidden: z
    .object({
      buildArgs: z.record(z.string(), z.string()).default({}),
      labels: z.record(z.string(), z.string()).default({}),
    })
    .optional(),
  engine: z.object({
    kind: z.string(),
    id: z.string(),
    serverVersion: z.string(),
    clientVersion: z.string(),
    builder: z.string(),
    /** See `EngineIdentity.machine`. Records of older versions lack it. */
    machine: z.string().optional(),
    /** See `EngineIdentity.imageStore`. Records of older versions lack it. */
    imageStore: z.string().optional(),
    /** The buildx driver and its BuildKit version. Records of older versions lack them. */
    driver: z.string().optional(),
    buildkit: z.string().nullable().optional(),
  }),
});

/** Everything that is needed to rebuild a build and to judge it. It contains no secret's value and no absolute path. */
export type BuildRecord = z.output<typeof schema>;

export async function writeRecord(file: string, record: BuildRecord): Promise<void> {
  await writePrivate(file, `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * Reads a build's record; null when there is none.
 *
 * @throws {StoreError} when it can't be read or understood
 */
export async function readRecord(file: string): Promise<BuildRecord | null> {
  const text = await readPlain(file, "the build record");
  if (text === null) return null;
  let record: BuildRecord;
  try {
    record = schema.parse(JSON.parse(text));
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : "it is not JSON";
    throw new StoreError(
      `the build record ${file} can't be understood (${detail}); remove the build's files to build anew`,
      file,
      { cause: error },
    );
  }
  const { name, timestamp, reference } = record;
  const own = basename(file) === `${name}-${timestamp}.build.json` && reference === `${name}:${timestamp}`;
  if (own) return record;
  throw new StoreError(
    `the build record ${file} is that of another build (${reference}); remove the build's files to build anew`,
    file,
  );
}
