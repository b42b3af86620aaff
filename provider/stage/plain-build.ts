import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { throwawayReference } from "../base/process/leftovers";
import { readIfThere } from "../base/read-if-there";
import { temporaryFolder } from "../base/process/temporary";
import { REVISION_LABEL } from "../base/revision/verdict";
import type { BuildInstructions, BuildRequest, Engine } from "../engines/engine";
import { BuildFailedError } from "../engines/errors";
import { readPolicies } from "../recipe/context/policies";
import { InputError } from "../inputs/failure";
import { messageOf, onOneLine } from "../base/errors/message";
import { StagingRedError } from "./errors";
import { lastCharacters } from "./tail";

/** A plain docker build, stamped with a revision. It has no lock and is not kept in a store. */
export interface PlainBuild extends Pick<
  BuildRequest,
  "buildArgs" | "labels" | "secrets" | "target" | "platform" | "timeoutMs" | "signal"
> {
  context: string;
  /** Default: `<context>/Dockerfile`. */
  recipe?: string;
  revision: string;
  /** File to which the build's output is appended. */
  logFile?: string;
  /** Asked once after the build: what moved in the work tree of the revision, in a sentence; null: nothing did. */
  moved?: () => Promise<string | null>;
  /** The staging container, for messages. */
  container: string;
}

/** A file's text; null: there is no such file. */
/** The recipe and its ignore rules. As in BuildKit, `<recipe>.dockerignore` comes before the context's `.dockerignore`. */
async function recipeOf({
  context,
  recipe,
}: PlainBuild): Promise<Pick<BuildInstructions, "dockerfile" | "ignore" | "policy">> {
  const file = recipe ?? join(context, "Dockerfile");
  const dockerfile = await readIfThere(file);
  if (dockerfile === null) {
    throw new InputError([{ property: "--recipe", reason: `there is no recipe at ${file}` }]);
  }
  const own = await readIfThere(`${file}.dockerignore`);
  const { build: policy } = await readPolicies(file, process.env);
  return { dockerfile, policy, ignore: own ?? (await readIfThere(join(context, ".dockerignore"))) ?? "" };
}

/**
 * Builds an image under a temporary tag, which is removed when `use` is done.
 *
 * @param use gets the image's ID; to keep the image it has to give it another tag
 * @throws {StagingRedError} when the build fails, or when the work tree of its revision moved meanwhile
 */
export async function withPlainBuild<T>(
  engine: Engine,
  build: PlainBuild,
  use: (imageId: string) => Promise<T>,
): Promise<T> {
  const { revision, container } = build;
  const recipe = await recipeOf(build);
  const scratch = await temporaryFolder("stage");
  const tag = throwawayReference("stage");
  try {
    let imageId: string;
    try {
      const image = await engine.build({
        ...build,
        ...recipe,
        ...{ tag, name: tag },
        context: resolve(build.context),
        labels: { ...build.labels, [REVISION_LABEL]: revision },
        buildArgs: { ...build.buildArgs, GIT_SHA: revision },
        bases: [],
        cache: true,
        logFile: build.logFile ?? join(scratch, "build.log"),
      });
      imageId = image.id;
    } catch (error) {
      const failed = error instanceof BuildFailedError;
      const detail = failed ? "the build failed" : messageOf(error);
      const output = failed ? onOneLine(lastCharacters(error.tail)) : "";
      throw new StagingRedError("build", detail, `${container} was not touched`, output, { cause: error });
    }
    const moved = (await build.moved?.()) ?? null;
    if (moved !== null) throw new StagingRedError("build", moved, `${container} was not touched`, "");
    return await use(imageId);
  } finally {
    // If nothing else tags the image, it goes with this tag.
    await engine.remove(tag).catch(() => undefined);
    await rm(scratch, { recursive: true, force: true });
  }
}
