import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { SecretSource, Timeouts } from "../inputs/image-inputs";
import { imageId as imageIdText } from "../base/reference/schemas";
import type { ImageId } from "../base/reference/types";
import { StoreError } from "../base/errors/store-error";
import { writeAtomic } from "./write";

/** Everything needed to rebuild a build and to judge it; no secret's value, no absolute path. */
export interface BuildRecord {
  schema: 2;
  name: string;
  timestamp: string;
  /** One key over all that the build can see. */
  key: string;
  imageId: ImageId;
  reference: string;
  revision: string | null;
  recipe: string;
  context: string;
  recipeHash: string;
  contextHash: string;
  lockHash: string;
  /** Of the locked recipe. */
  lockedHash: string;
  host: string | null;
  buildArgs: Record<string, string>;
  target: string | null;
  platform: string | null;
  labels: Record<string, string>;
  /** Where the values come from; the values themselves are nowhere. */
  secrets: Record<string, SecretSource>;
  pin: string;
  force: unknown;
  /** What the recipe's references were built from. */
  bases: { reference: string; digest: string; imageId: ImageId; pinned: string }[];
  /** Lock files of npm projects, by stage and directory, for the rebuild. */
  npmProjects: { stage: number; root: string; lock: string }[];
  /**
   * Stages (`""` for the image's own) of whose transient packages the lock may lack some, because part of the build's
   * log is missing; left out by versions of this package that recorded none.
   */
  incompleteTransients?: string[];
  engine: {
    kind: string;
    id: string;
    serverVersion: string;
    clientVersion: string;
    builder: string;
    /** buildx's word for where the builder runs, and its BuildKit; records of older versions don't have them. */
    driver?: string;
    buildkit?: string | null;
  };
  timeouts: Timeouts;
}

const secret = z.union([z.strictObject({ file: z.string() }), z.strictObject({ env: z.string() })]);

const schema: z.ZodType<BuildRecord> = z.object({
  schema: z.literal(2, {
    error: "written by another version of this package, whose builds are not migrated",
  }),
  name: z.string(),
  timestamp: z.string(),
  key: z.string(),
  imageId: imageIdText,
  reference: z.string(),
  revision: z.string().nullable(),
  recipe: z.string(),
  context: z.string(),
  recipeHash: z.string(),
  contextHash: z.string(),
  lockHash: z.string(),
  lockedHash: z.string(),
  host: z.string().nullable(),
  buildArgs: z.record(z.string(), z.string()),
  target: z.string().nullable(),
  platform: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  secrets: z.record(z.string(), secret),
  pin: z.string(),
  force: z.unknown(),
  bases: z.array(
    z.object({ reference: z.string(), digest: z.string(), imageId: imageIdText, pinned: z.string() }),
  ),
  npmProjects: z.array(z.object({ stage: z.number().int(), root: z.string(), lock: z.string() })),
  incompleteTransients: z.array(z.string()).optional(),
  engine: z.object({
    kind: z.string(),
    id: z.string(),
    serverVersion: z.string(),
    clientVersion: z.string(),
    builder: z.string(),
    driver: z.string().optional(),
    buildkit: z.string().nullable().optional(),
  }),
  timeouts: z.object({ git: z.number(), inspect: z.number(), rebuild: z.number() }),
});

/** Writes a build's record, atomically. */
export async function writeRecord(file: string, record: BuildRecord): Promise<void> {
  await writeAtomic(file, `${JSON.stringify(record, null, 2)}\n`);
}

/** Reads a build's record; null when there is none. Throws {@link StoreError} when it can't be understood. */
export async function readRecord(file: string): Promise<BuildRecord | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StoreError(`the build record ${file} can't be read`, file, { cause: error });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : "it is not JSON";
    throw new StoreError(
      `the build record ${file} can't be understood (${detail}); remove the build's files to build anew`,
      file,
      { cause: error },
    );
  }
}
