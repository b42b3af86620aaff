import type { Archive } from "./archive";
import { startAptArchive, type AptSpec } from "./apt-archive";
import { docker, imageExists, imageId } from "./docker";
import { ownImages, type OwnImages } from "./own-images";
import { makeProject } from "./pulumi";
import { programText, type ProgramSpec } from "./pulumi-program";

/** Two full git revisions. */
export const REVISION_A = "a1".repeat(20);
export const REVISION_B = "b2".repeat(20);

/** A recipe that builds in about a second and needs no network. */
export const COPY_RECIPE = "FROM scratch\nCOPY text /text\n";

/** One project, its images and its archive; the tests of a group tell one story with it, in order. */
export type Story = Awaited<ReturnType<typeof startStory>>;

/** Starts a story. `files` go to the project; a build context `app` is there already, with {@link COPY_RECIPE}. */
export async function startStory(
  name: string,
  spec: (images: OwnImages) => ProgramSpec,
  files: Readonly<Record<string, string>> = {},
) {
  const images = ownImages(name);
  const project = await makeProject({
    name,
    program: programText(spec(images)),
    files: { "app/Dockerfile": COPY_RECIPE, "app/text": `${images.name}\n`, ...files },
  });
  let archive: Promise<Archive<AptSpec>> | undefined;
  return {
    ...{ project, images },
    /** `<own name>:<tag>`: a reference of this story's own. */
    tag: (tag: string) => `${images.name}:${tag}`,
    /** Replaces the program. */
    declare: (next: ProgramSpec) => project.write("index.js", programText(next)),
    /** An apt archive that ends with the story; the same one each time. */
    archive: () => (archive ??= startAptArchive()),
    /** What a tag points to, or null when it is not there. */
    pointsTo: async (reference: string) => ((await imageExists(reference)) ? imageId(reference) : null),
    /** Moves a tag by hand. */
    move: async (reference: string, id: string) => void (await docker(["image", "tag", id, reference])),
    /** The resource's recorded state; undefined when it is not in the stack. */
    async recorded(resource: string) {
      const { resources = [] } = (await project.exportState()).deployment;
      return resources.find(({ urn }) => urn.endsWith(`::${resource}`));
    },
    /** Removes images, containers, archive and project. */
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
