import { BASE_DIGEST, BASE_NAME } from "../../engines/ancestry";
import { isVerifiedImagesError } from "../../base/errors/base";
import { namesRegistry } from "../../engines/registry/address";
import type { PlatformImage, Registry, RegistryImage } from "../../engines/registry/registry";
import { before } from "../../base/words/cut";

/** The base of an image in a registry; or `why` there is no base to read; or `unknown`: there may be one, but reading it failed. */
export type NamedBase =
  { image: PlatformImage; name: string; digest: string } | { why: string } | { unknown: string };

/** The base that an image names: a reference to read it by, and its name for people. */
interface Reference {
  name: string;
  reference: string;
}

/** Text from somebody else's image, made safe to print: on one line, at most 200 characters. */
const quoted = (text: string): string => JSON.stringify(text.slice(0, 200));

/**
 * What an image in a registry names as its base. The annotations of its manifest come first, then those of its index,
 * then its labels (an image inherits labels, so these may name the base's own base). A digest without a name is looked for
 * in the image's own repository.
 *
 * @returns `why` there is nothing to read: no base is named, or its name has no registry's host
 */
export function namedBase(one: PlatformImage, image: RegistryImage): Reference | { why: string } {
  const said = (facts: Record<string, string>) => ({
    name: (facts[BASE_NAME] ?? "").trim(),
    digest: (facts[BASE_DIGEST] ?? "").trim(),
  });
  const { name, digest } = [one.annotations, image.annotations, one.labels]
    .map(said)
    .find((facts) => facts.name !== "" || facts.digest !== "") ?? { name: "", digest: "" };
  if (name === "" && digest === "") return { why: "a registry does not say what an image was built from" };
  if (digest !== "" && !/^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(digest)) {
    return { why: `it names its base by ${quoted(digest)}, which is no digest` };
  }
  if (name === "") return { name: digest, reference: `${image.repository}@${digest}` };
  if (!namesRegistry(name)) return { why: `it names its base ${quoted(name)}, without a registry's host` };
  // A digest wins over the tag, which may have moved since the build.
  return { name, reference: digest === "" ? name : `${before(name, "@")}@${digest}` };
}

/** The base's image for a platform. If only the variant differs, the one image of that OS and architecture is taken. */
function forPlatform(base: RegistryImage, platform: string): PlatformImage | undefined {
  const plain = (text: string): string => text.split("/").slice(0, 2).join("/");
  const alike = base.images.filter((one) => plain(one.platform) === plain(platform));
  return alike.find((one) => one.platform === platform) ?? (alike.length === 1 ? alike[0] : undefined);
}

/** Reads the base that an image in a registry names. A base that does not exist, or can't be one, is reported as `why`. */
export async function readNamedBase(
  registry: Pick<Registry, "describe">,
  one: PlatformImage,
  image: RegistryImage,
): Promise<NamedBase> {
  const named = namedBase(one, image);
  if ("why" in named) return named;
  const { name, reference } = named;
  try {
    const found = await registry.describe(reference);
    if (found === null) return { why: `its base ${reference} is not there` };
    const base = forPlatform(found, one.platform);
    if (base === undefined) return { why: `its base ${reference} has no image for ${one.platform}` };
    if (base.configDigest === one.configDigest) return { why: `its base ${reference} is the image itself` };
    return { image: base, name, digest: found.digest };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    const instead = "let it be read from here, or name the store that has built the image (root)";
    return { unknown: `its base ${reference} can't be read: ${error.message}; ${instead}` };
  }
}
