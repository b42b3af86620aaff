import { BASE } from "../base/process/leftovers";
import type { ImageId } from "../base/reference/types";
import { REVISION_LABEL } from "../base/revision/verdict";
import type { ImageFacts } from "./engine";

/** An external image that the recipe names, and the image that the name stands for now. */
export interface ResolvedBase {
  /** As in the recipe, with variables expanded. */
  reference: string;
  /** The image that the input `contexts` puts in the place of the reference; left out: the reference names it itself. */
  image?: string;
  /** Registry digest, or the image ID if the image has none. */
  digest: string;
  imageId: ImageId;
  /** A name that always stands for this image while a build uses it. */
  pinned: string;
  /** The user as whom its commands run; empty means root. */
  user?: string;
  /** Its ONBUILD instructions. They run in this build, and nothing pins them. */
  onbuild?: string[];
  /** Its revision label, which an image that is built from it would inherit. */
  revision?: string;
}

/** The reference without tag and digest. */
function repositoryOf(reference: string): string {
  const name = reference.split("@")[0] ?? reference;
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
}

/**
 * The name under which a build uses a base image, so that it always gets the same one. It has the registry digest, if
 * the engine knows one for this repository. Otherwise it is a local name made from the image ID, because BuildKit
 * refuses `FROM <image id>`.
 */
export function pinBase(reference: string, facts: ImageFacts): ResolvedBase {
  const { user, onbuild = [] } = facts;
  const traits = { user, onbuild, revision: facts.labels[REVISION_LABEL] ?? "" };
  const repository = repositoryOf(reference);
  const short = repository.replace(/^(?:(?:index\.)?docker\.io\/)?(?:library\/)?/, "");
  const own = facts.repoDigests.filter((entry) => [repository, short].includes(entry.split("@")[0] ?? ""));
  // An image can have several digests (of its index and of its manifest). If the reference has one of them, that
  // counts.
  const asked = reference.includes("@") ? reference.slice(reference.indexOf("@")) : null;
  const known = own.find((entry) => asked !== null && entry.endsWith(asked)) ?? own[0];
  const digest = known === undefined ? facts.id : known.slice(known.indexOf("@") + 1);
  // The containerd image store gives every image such a digest, also one that no registry has. It is the image's ID.
  if (digest !== facts.id)
    return { reference, digest, imageId: facts.id, pinned: `${repository}@${digest}`, ...traits };
  const id12 = facts.id.replace(/^sha256:/, "").slice(0, 12);
  return { reference, digest, imageId: facts.id, pinned: `${BASE}:${id12}`, ...traits };
}

/**
 * What the locked recipe has in place of a base's reference: the same name, with the registry digest if there is one. An
 * image that has none keeps its name alone.
 */
export function lockedName({ reference, image = reference, digest, pinned }: ResolvedBase): string {
  return pinned.startsWith(`${BASE}:`) || image.includes("@") ? image : `${image}@${digest}`;
}
