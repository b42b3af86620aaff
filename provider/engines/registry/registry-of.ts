import { asManifestDigest } from "../../base/reference/digest";
import { digestReference } from "../../base/reference/explicit";
import type { ManifestDigest, RegistryDigest } from "../../base/reference/types";
import { addressOf, type Address } from "./address";
import { bringAttached } from "./attached/bring";
import { findAttached } from "./attached/find";
import { readerOf } from "./attached/reader";
import { DigestMismatchError, NotAnImageError, RegistryError } from "./errors";
import { digestOf, isAttestation, isManifest, readConfiguration, readManifest } from "./manifest";
import { advice } from "./explain";
import type { PlatformImage, Registry } from "./registry";
import type { RegistryTool } from "./tool";

/** Registries, through a tool. All digests are computed here, from the bytes that the tool gives. */
export function registryOf(tool: RegistryTool): Registry {
  /** Reads a manifest, and checks that its bytes have the digest that was asked for. */
  async function manifestAt({
    name,
    host,
    digest,
  }: Address): Promise<{ text: string; digest: RegistryDigest } | null> {
    const text = await tool.manifest(name, host);
    if (text === null) return null;
    if (!isManifest(text)) {
      throw new RegistryError(`reading ${name}: the answer is no manifest; ${advice("404", host)}`);
    }
    const found = digestOf(text, digest?.split(":")[0]);
    if (digest !== null && found !== digest) {
      throw new DigestMismatchError(
        `the registry was asked for ${name}, but its answer has the digest ${found}`,
      );
    }
    return { text, digest: found };
  }

  /** What is marked as an attestation and is none: an engine may run it, so it is an image like the others. */
  async function falselyMarked(
    repository: string,
    marked: readonly ManifestDigest[],
  ): Promise<ManifestDigest[]> {
    const names = marked.map((digest) => ({ digest, name: digestReference(repository, digest) }));
    const found = await Promise.all(
      names.map(async ({ digest, name }) => {
        const manifest = await manifestAt(addressOf(name));
        return manifest !== null && isAttestation(manifest.text, name) ? [] : [digest];
      }),
    );
    return found.flat();
  }

  async function imageAt(repository: string, digest: ManifestDigest, known?: string): Promise<PlatformImage> {
    const name = digestReference(repository, digest);
    const text = known ?? (await manifestAt(addressOf(name)))?.text;
    if (text === undefined)
      throw new RegistryError(`an index names ${name}, but the registry does not have it`);
    const facts = readManifest(text, name);
    if (facts.kind === "index")
      throw new NotAnImageError(
        `${name} is an index within an index, which is not supported; expected an image`,
      );
    const config = await tool.configuration(name, addressOf(name).host, facts.configDigest);
    return {
      manifestDigest: digest,
      configDigest: facts.configDigest,
      annotations: facts.annotations,
      ...readConfiguration(config, name),
    };
  }

  return {
    async digestOf(reference) {
      return (await manifestAt(addressOf(reference)))?.digest ?? null;
    },
    async describe(reference) {
      const address = addressOf(reference);
      const { repository } = address;
      const found = await manifestAt(address);
      if (found === null) return null;
      const facts = readManifest(found.text, address.name);
      const images =
        facts.kind === "image"
          ? [await imageAt(repository, asManifestDigest(found.digest), found.text)]
          : await Promise.all(
              [...facts.children, ...(await falselyMarked(repository, facts.marked))].map((child) =>
                imageAt(repository, child),
              ),
            );
      const isIndex = facts.kind === "index";
      const { mediaType, annotations } = facts;
      return { repository, digest: found.digest, mediaType, isIndex, annotations, images };
    },
    async point({ repository, digest }, target, signal) {
      const from = addressOf(digestReference(repository, digest));
      await tool.copy(from, addressOf(target), signal);
    },
    attached: (manifest) => findAttached(readerOf(tool, manifest.repository, true), manifest),
    bring: (attached, repository, signal) => bringAttached(tool, attached, repository, signal),
  };
}
