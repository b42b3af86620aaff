import { BASE_DIGEST, BASE_NAME } from "../../engines/ancestry";
import { isVerifiedImagesError } from "../../base/errors/base";
import { namesRegistry } from "../../engines/registry/address";
import type { PlatformImage, Registry, RegistryImage } from "../../engines/registry/registry";

/** What a registry has as the base of an image, why there is none to look at, or why one that there may be can't be read. */
export type NamedBase =
  { image: PlatformImage; name: string; digest: string } | { why: string } | { unknown: string };

/** A reference to what an image says it is built on, and its name for people. */
interface Reference {
  name: string;
  reference: string;
}

/** Text of somebody else's image, on one line and not without end. */
const quoted = (text: string): string => JSON.stringify(text.slice(0, 200));

/**
 * What an image of a registry names as its base: in its manifest, else in its index, else by labels, which it may have from
 * the base itself. A digest without a name is looked for beside the image.
 *
 * @returns why there is nothing to read where it names none, or none with the host of a registry
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
  // The tag may stand for something else by now.
  return { name, reference: digest === "" ? name : `${name.replace(/@.*$/, "")}@${digest}` };
}

/** The image for a platform; one of an index that is less exact about a variant will do. */
function forPlatform(base: RegistryImage, platform: string): PlatformImage | undefined {
  const plain = (text: string): string => text.split("/").slice(0, 2).join("/");
  const alike = base.images.filter((one) => plain(one.platform) === plain(platform));
  return alike.find((one) => one.platform === platform) ?? (alike.length === 1 ? alike[0] : undefined);
}

/** Reads what an image of a registry names as its base. One that is surely not there, or is no base, is none to look at. */
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
