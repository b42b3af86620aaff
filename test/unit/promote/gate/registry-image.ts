import { REVISION_LABEL } from "../../../../provider/base/revision/verdict";
import type { PlatformImage, Registry, RegistryImage } from "../../../../provider/engines/registry/registry";
import { id } from "../../store/scratch";

export const SHA = "ab".repeat(20);

/** An image for linux/amd64 that is labelled with `SHA`, with what a test wants to be different. */
export const platformImage = (changes: Partial<PlatformImage> = {}): PlatformImage => ({
  ...{ platform: "linux/amd64", manifestDigest: id("d"), configDigest: id("c"), annotations: {} },
  ...{ labels: { [REVISION_LABEL]: SHA }, history: [] },
  ...changes,
});

/** What a registry has as r.io/team/web: one image, or an index of several. */
export const registryImage = (
  images: PlatformImage[] = [platformImage()],
  changes: Partial<RegistryImage> = {},
): RegistryImage => ({
  ...{ repository: "r.io/team/web", digest: id("d"), mediaType: "", isIndex: images.length > 1 },
  ...{ annotations: {}, images },
  ...changes,
});

/** A registry that nobody may write to. */
export const readOnlyRegistry = (describe: Registry["describe"]): Registry => ({
  describe,
  digestOf: () => Promise.reject(new Error("nobody needs that")),
  point: () => Promise.reject(new Error("nothing is moved here")),
  attached: () => Promise.reject(new Error("nobody asks for that")),
  bring: () => Promise.reject(new Error("nothing is copied here")),
});
