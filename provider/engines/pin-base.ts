import { BASE } from "../base/process/leftovers";
import type { ImageId } from "../base/reference/types";
import { REVISION_LABEL } from "../base/revision/verdict";
import type { ImageFacts } from "./engine";

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
