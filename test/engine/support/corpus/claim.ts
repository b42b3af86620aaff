import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Where the folders are: each is a recipe with its context, and named as what it claims. */
export const CORPUS = join(__dirname, "..", "..", "..", "corpus");

/** The file of a folder that says what must happen; it is no part of the build's context. */
export const CLAIM = "claim.json";

const NAME_AND_VERSION = /^(\S+) (\S+)$/;

/** `"name 1.0"`, or with more to say of it. */
const published = z.union([
  z
    .string()
    .regex(NAME_AND_VERSION)
    .transform((text) => ({ name: text.split(" ")[0] ?? "", version: text.split(" ")[1] ?? "" })),
  z.strictObject({
    name: z.string(),
    version: z.string(),
    depends: z.array(z.string()).optional(),
    extras: z.record(z.string(), z.array(z.string())).optional(),
    dependencies: z.record(z.string(), z.string()).optional(),
    /** The versions that appear once it was downloaded; left out: the next one. */
    later: z.array(z.string()).optional(),
  }),
]);

const versions = z.record(z.string(), z.string()).default({});

const result = z.strictObject({
  state: z.enum(["verified", "unverified", "unknown"]),
  /** Text that the reason holds; only with another state than `verified`. */
  reason: z.string().optional(),
  /** Every line of the drift: `changed npm:cli 1.0.0 -> 1.0.1`; one that ends in ` *` leaves the versions open. */
  drift: z.array(z.string()).default([]),
  /** Everything that is listed as unpinned, in order: `<line> <kind>`. */
  unpinned: z.array(z.string()).default([]),
  /** The versions that the lock has of the packages published for the folder: all that the image itself has. */
  lock: versions,
  /** The same for what only a stage has, by its place: `stage builder`, or `removed again`. */
  stages: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  /** More that the lock has to name, in whatever version. */
  has: z.array(z.string()).default([]),
  /** Labels of the image, by their names. */
  labels: versions,
  /** Published packages that no build downloads. */
  unfetched: z.array(z.string()).default([]),
});

const failure = z.strictObject({
  /** Text that the error's message holds. */
  fails: z.string(),
});

const outcome = z.union([result, failure]);

const claim = z.strictObject({
  /** For people: why it is so. */
  because: z.string(),
  packages: z
    .strictObject({
      apt: z.array(published).default([]),
      /** A second Debian archive, signed, for recipes that add it. */
      vendor: z.array(published).default([]),
      pip: z.array(published).default([]),
      npm: z.array(published).default([]),
    })
    .default({ apt: [], vendor: [], pip: [], npm: [] }),
  /** Inputs of the build beside name, context and root. */
  inputs: z
    .strictObject({
      buildArgs: z.record(z.string(), z.string()).optional(),
      target: z.string().optional(),
      labels: z.record(z.string(), z.string()).optional(),
      revision: z.string().optional(),
    })
    .default({}),
  expect: outcome,
  /** What a builder must be able to do for that; where it can't, `lacking` must happen. */
  needs: z.enum(["heredocs"]).optional(),
  lacking: outcome.optional(),
});

/** A folder's claim, read; CONTRIBUTING.md tells how to write one. */
export type Claim = z.infer<typeof claim>;
/** What must happen: an image with a verdict, or an error. */
export type Expectation = z.infer<typeof outcome>;
export type ExpectedResult = z.infer<typeof result>;
export type PublishedPackage = z.infer<typeof published>;
/** The archives that every folder has. */
export const KINDS = ["apt", "vendor", "pip", "npm"] as const;
export type Kind = (typeof KINDS)[number];

/** Names of all folders of the corpus, sorted. */
export function recipeFolders(): string[] {
  return readdirSync(CORPUS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Reads a folder's claim. Throws for anything misspelt or missing, with the folder's name. */
export function readClaim(folder: string): Claim {
  const read = claim.safeParse(JSON.parse(readFileSync(join(CORPUS, folder, CLAIM), "utf8")));
  if (!read.success) throw new Error(`${folder}/${CLAIM}: ${z.prettifyError(read.error)}`);
  const { needs, lacking } = read.data;
  if ((needs === undefined) !== (lacking === undefined)) {
    throw new Error(`${folder}/${CLAIM}: "needs" and "lacking" go together`);
  }
  return read.data;
}
