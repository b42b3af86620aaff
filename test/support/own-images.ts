import { randomBytes } from "node:crypto";
import { docker } from "./docker";

/** The label by which a test finds everything that it made, tagged or not. */
export const OWNER = "pulumi-verified-images.test";

/** Names for the images of one group of tests, and the way to get rid of them. */
export interface OwnImages {
  /** Unique; usable as an artifact and as a repository. */
  readonly name: string;
  /** Labels for every image that is built, so that {@link clean} finds it. */
  readonly labels: Readonly<Record<string, string>>;
  /** IDs of all images with the label, tagged or not, without duplicates. */
  ids(): Promise<string[]>;
  /** IDs of all containers made from these images. */
  containers(): Promise<string[]>;
  /** Removes containers made from these images, and the images with all their tags. */
  clean(): Promise<void>;
}

/** A name that no other test has, with the label that goes with it. */
export function ownImages(prefix: string): OwnImages {
  const name = `${prefix}-${process.pid}-${randomBytes(3).toString("hex")}`;
  const filter = `label=${OWNER}=${name}`;
  const lines = async (args: readonly string[]): Promise<string[]> => [
    ...new Set((await docker(args)).split("\n").filter((line) => line !== "")),
  ];
  const ids = (): Promise<string[]> =>
    lines(["image", "ls", "--all", "--no-trunc", "--quiet", "--filter", filter]);
  const containers = (): Promise<string[]> => lines(["ps", "--all", "--quiet", "--filter", filter]);
  return {
    name,
    labels: { [OWNER]: name },
    ids,
    containers,
    async clean() {
      const made = await containers();
      if (made.length > 0) await docker(["rm", "--force", "--volumes", ...made]);
      const images = await ids();
      if (images.length > 0) await docker(["image", "rm", "--force", ...images]);
    },
  };
}
