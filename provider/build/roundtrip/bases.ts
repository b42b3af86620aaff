import { randomBytes } from "node:crypto";
import type { Engine, ImageFacts } from "../../engines/engine";
import { BASE, makerMark } from "../../base/process/leftovers";
import { REVISION_LABEL } from "../../base/revision/verdict";
import { VerifiedImagesError } from "../../base/errors/base";
import type { ImageId } from "../../base/reference/types";
import { messageOf } from "../../base/errors/message";

/** An external image that the recipe names, and what it stands for now. */
export interface ResolvedBase {
  /** As the recipe has it, variables expanded. */
  reference: string;
  /** Registry digest; the image ID of an image that has none. */
  digest: string;
  imageId: ImageId;
  /** What the locked recipe writes instead. */
  pinned: string;
  /** The user that its commands run as; empty is root. */
  user?: string;
  /** Its ONBUILD instructions, which run in this build and which nothing pins. */
  onbuild?: string[];
  /** Its own revision label, which an image built from it would inherit. */
  revision?: string;
}

/** A base image can't be had. */
export class BaseImageError extends VerifiedImagesError {
  constructor(reference: string, detail: string) {
    super(
      "base-image",
      `the base image ${reference} is neither on the engine nor could it be pulled (${detail}); ` +
        "check its name, or load it into the engine",
    );
  }
}

/** The name without tag and digest. */
function repositoryOf(reference: string): string {
  const name = reference.split("@")[0] ?? reference;
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
}

/**
 * What to build from, so that it can't move: the registry digest where the engine knows one for this
 * repository, else a local name made of the image ID (`FROM <image id>` is refused by BuildKit).
 */
export function pinBase(reference: string, facts: ImageFacts): ResolvedBase {
  const { user, onbuild = [] } = facts;
  const traits = { user, onbuild, revision: facts.labels[REVISION_LABEL] ?? "" };
  const repository = repositoryOf(reference);
  const short = repository.replace(/^(?:(?:index\.)?docker\.io\/)?(?:library\/)?/, "");
  const own = facts.repoDigests.filter((entry) => [repository, short].includes(entry.split("@")[0] ?? ""));
  // One image can have several digests (of its index, of its manifest): the one that was asked for counts.
  const asked = reference.includes("@") ? reference.slice(reference.indexOf("@")) : null;
  const known = own.find((entry) => asked !== null && entry.endsWith(asked)) ?? own[0];
  if (known !== undefined) {
    const digest = known.slice(known.indexOf("@") + 1);
    return { reference, digest, imageId: facts.id, pinned: `${repository}@${digest}`, ...traits };
  }
  const id12 = facts.id.replace(/^sha256:/, "").slice(0, 12);
  return { reference, digest: facts.id, imageId: facts.id, pinned: `${BASE}:${id12}`, ...traits };
}

/**
 * Resolves every base image, pulling those that the engine lacks.
 *
 * @throws {BaseImageError} naming the image that can't be had
 */
export async function resolveBases(
  engine: Engine,
  references: readonly string[],
  platform: string | null,
  signal?: AbortSignal,
): Promise<ResolvedBase[]> {
  const found = await engine.inspect(references);
  const bases: ResolvedBase[] = [];
  for (const reference of references) {
    let facts = found.get(reference) ?? null;
    if (facts === null) {
      try {
        await engine.pull(reference, platform, signal);
      } catch (error) {
        if (signal?.aborted === true) throw error;
        throw new BaseImageError(reference, messageOf(error));
      }
      facts = (await engine.inspect([reference])).get(reference) ?? null;
    }
    if (facts === null) throw new BaseImageError(reference, "it vanished after the pull");
    bases.push(pinBase(reference, facts));
  }
  return bases;
}

/** Names that one build uses for its bases, and the function that takes the temporary ones away. */
export interface HeldBases {
  /** Base reference (loose or pinned) -> what this build's FROM says. */
  names: Map<string, string>;
  release(): Promise<void>;
}

/**
 * Gives every base without a digest a name of its own for the time of one build, and asserts that each
 * name leads to the image that was resolved.
 */
export async function holdBases(
  engine: Engine,
  bases: readonly { reference: string; digest: string; imageId: ImageId; pinned: string }[],
): Promise<HeldBases> {
  const names = new Map<string, string>();
  const temporary: string[] = [];
  const release = async (): Promise<void> => {
    for (const name of temporary.splice(0)) await engine.untag(name);
  };
  try {
    for (const base of bases) {
      let name = base.pinned;
      if (base.pinned.startsWith(`${BASE}:`)) {
        name = `${base.pinned}.${makerMark()}.${randomBytes(4).toString("hex")}`;
        temporary.push(name);
        await engine.tag(base.imageId, name);
        const there = (await engine.inspect([name])).get(name);
        if (there?.id !== base.imageId)
          throw new BaseImageError(base.reference, "its tag was moved meanwhile");
      }
      names.set(base.reference, name);
      names.set(base.pinned, name);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { names, release };
}
