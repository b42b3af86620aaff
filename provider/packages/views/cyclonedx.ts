import { isInImage } from "../lock/transient";
import type { Lock, LockedBase, LockedPackage } from "../lock/types";
import { checksumOf } from "./checksum";
import { packageUrl, vendorsOf, type Vendors } from "./package-url";
import type { Subject } from "./subject";

type Json = Record<string, unknown>;

function property(name: string, value: string | null | undefined): Json[] {
  return value === null || value === undefined ? [] : [{ name: `verified-images:${name}`, value }];
}

function withProperties(component: Json, properties: Json[]): Json {
  return properties.length === 0 ? component : { ...component, properties };
}

function component(item: LockedPackage, reference: string, vendors: Vendors): Json {
  const file = item.ecosystem === "file";
  const purl = packageUrl(item, vendors);
  const checksum = checksumOf(item);
  const facts: Json = {
    type: file ? "file" : "library",
    "bom-ref": reference,
    name: item.name,
    ...(file ? {} : { version: item.version }),
    ...(isInImage(item) ? {} : { scope: "excluded" }),
    ...(checksum === null ? {} : { hashes: [{ alg: checksum.algorithm, content: checksum.hex }] }),
    ...(purl === null ? {} : { purl }),
  };
  return withProperties(facts, [
    ...property("ecosystem", item.ecosystem),
    ...property("root", item.root),
    ...property("stage", item.stage),
    ...property("transient", item.transient ? "true" : null),
    ...property("architecture", item.arch),
    ...property("file", file ? item.version : null),
  ]);
}

function ancestor({ reference, digest }: LockedBase): Json {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  return {
    type: "container",
    name: reference,
    version: digest,
    ...(hex === undefined ? {} : { hashes: [{ alg: "SHA-256", content: hex }] }),
  };
}

/** Makes references, each unique in the document. The same lock always gives the same ones. */
function references(): (item: LockedPackage) => string {
  const seen = new Map<string, number>();
  return ({ ecosystem, name, version, arch, root, stage, transient }) => {
    const words = [stage, ecosystem, root, name, arch, version, ...(transient ? ["transient"] : [])];
    const base = words.map((word) => encodeURIComponent(word ?? "")).join("|");
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    return count === 1 ? base : `${base}|${count}`;
  };
}

/**
 * Writes a lock as CycloneDX 1.6. Packages that only a stage had, or that were removed again, get the scope `excluded`.
 * Base images are the image's ancestors. There is no time and no serial number, so the same lock gives the same
 * document.
 */
export function cyclonedx(lock: Lock, subject: Subject): Json {
  const vendors = vendorsOf(lock);
  const referenceOf = references();
  const image = {
    type: "container",
    "bom-ref": "image",
    name: subject.name,
    version: subject.timestamp,
    ...(lock.bases.length === 0 ? {} : { pedigree: { ancestors: lock.bases.map(ancestor) } }),
    properties: [
      ...property("imageId", subject.imageId),
      ...property("lockHash", subject.lockHash),
      ...property("revision", subject.revision),
      ...lock.notCaptured.flatMap((line) => property("notCaptured", line)),
    ],
  };
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      tools: { components: [{ type: "application", ...subject.tool }] },
      component: image,
    },
    components: lock.packages.map((item) => component(item, referenceOf(item), vendors)),
  };
}
