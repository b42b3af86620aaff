import type { Archive } from "./archive";
import { startAptArchive, type AptSpec } from "./apt-archive";
import { docker, imageExists, imageId } from "./docker";
import { ownImages, type OwnImages } from "./own-images";
import { makeProject, type Deployment, type PulumiProject } from "./pulumi";
import { programText, type ProgramSpec } from "./pulumi-program";

/** Two full git revisions. */
export const REVISION_A = "a1".repeat(20);
export const REVISION_B = "b2".repeat(20);

/** A recipe that builds in about a second and needs no network. */
export const COPY_RECIPE = "FROM scratch\nCOPY text /text\n";

/** One project, its images and its archive; the tests of a group tell one story with it, in order. */
export interface Story {
  readonly project: PulumiProject;
  readonly images: OwnImages;
  /** `<own name>:<tag>`: a reference of this story's own. */
  tag(tag: string): string;
  /** Replaces the program. */
  declare(spec: ProgramSpec): Promise<void>;
  /** An apt archive that ends with the story; the same one each time. */
  archive(): Promise<Archive<AptSpec>>;
  /** What a tag points to, or null when it is not there. */
  pointsTo(reference: string): Promise<string | null>;
  /** Moves a tag by hand. */
  move(reference: string, id: string): Promise<void>;
  /** The resource's recorded state; undefined when it is not in the stack. */
  recorded(name: string): Promise<Recorded | undefined>;
  /** Removes images, containers, archive and project. */
  end(): Promise<void>;
}

type Recorded = NonNullable<Deployment["deployment"]["resources"]>[number];

/** Starts a story. `files` go to the project; a build context `app` is there already, with {@link COPY_RECIPE}. */
export async function startStory(
  name: string,
  spec: (images: OwnImages) => ProgramSpec,
  files: Readonly<Record<string, string>> = {},
): Promise<Story> {
  const images = ownImages(name);
  const project = await makeProject({
    name,
    program: programText(spec(images)),
    files: { "app/Dockerfile": COPY_RECIPE, "app/text": `${images.name}\n`, ...files },
  });
  let archive: Promise<Archive<AptSpec>> | undefined;
  return {
    project,
    images,
    tag: (tag) => `${images.name}:${tag}`,
    declare: (next) => project.write("index.js", programText(next)),
    archive: () => (archive ??= startAptArchive()),
    pointsTo: async (reference) => ((await imageExists(reference)) ? imageId(reference) : null),
    move: async (reference, id) => void (await docker(["image", "tag", id, reference])),
    async recorded(resource) {
      const { resources = [] } = (await project.exportState()).deployment;
      return resources.find(({ urn }) => urn.endsWith(`::${resource}`));
    },
    async end() {
      try {
        await images.clean();
        await (await archive)?.close();
      } finally {
        project.remove();
      }
    },
  };
}
