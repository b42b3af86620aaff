import { buildPlace, isInImage } from "../lock/transient";
import type { Lock, LockedBase, LockedPackage } from "../lock/types";
import { checksumOf, type Checksum } from "./checksum";
import { packageUrl, vendorsOf, type Vendors } from "./package-url";
import type { Subject } from "./subject";

type Json = Record<string, unknown>;

const IMAGE = "SPDXRef-Image";

/** Writes a timestamp (`YYYYMMDDTHHMMSSmmmZ[-N]`) in SPDX's form. */
export function spdxTime(timestamp: string): string {
  return timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d).*$/, "$1-$2-$3T$4:$5:$6Z");
}

function checksums(checksum: Checksum | null): Json {
  if (checksum === null) return {};
  return { checksums: [{ algorithm: checksum.algorithm.replace("-", ""), checksumValue: checksum.hex }] };
}

function element(id: string, name: string, version: string, purpose: string): Json {
  return {
    SPDXID: id,
    name,
    versionInfo: version,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    primaryPackagePurpose: purpose,
  };
}

function placeInBuild(item: LockedPackage): string | null {
  const place = buildPlace(item);
  if (place === null) return null;
  return item.transient ? `in the build only (${place})` : `in the build ${place} only`;
}

function packageElement(item: LockedPackage, id: string, vendors: Vendors): Json {
  const purl = packageUrl(item, vendors);
  const locator = { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl };
  const places = [item.root === undefined ? null : `installed in ${item.root}`, placeInBuild(item)].filter(
    (words) => words !== null,
  );
  return {
    ...element(id, item.name, item.version, item.ecosystem === "file" ? "FILE" : "LIBRARY"),
    ...checksums(checksumOf(item)),
    ...(purl === null ? {} : { externalRefs: [locator] }),
    ...(places.length === 0 ? {} : { comment: places.join(", ") }),
  };
}

function baseElement({ reference, digest }: LockedBase, id: string): Json {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  return {
    ...element(id, reference, digest, "CONTAINER"),
    ...checksums(hex === undefined ? null : { algorithm: "SHA-256", hex }),
  };
}

/**
 * Writes a lock as SPDX 2.3. The image contains its packages, and descends from its base images. Packages that only a
 * stage had, or that were removed again, are its build dependencies. The time is that of the build, so the same build
 * gives the same document.
 */
export function spdx(lock: Lock, subject: Subject): Json {
  const vendors = vendorsOf(lock);
  const { name, timestamp, imageId, lockHash, tool } = subject;
  const baseId = (index: number): string => `SPDXRef-Base-${index + 1}`;
  const packageId = (index: number): string => `SPDXRef-Package-${index + 1}`;
  const relation = (from: string, relationshipType: string, to: string): Json => ({
    spdxElementId: from,
    relationshipType,
    relatedSpdxElement: to,
  });
  const comment = [`image ${imageId}`, `lock ${lockHash}`];
  if (subject.revision !== null) comment.push(`git revision ${subject.revision}`);
  comment.push(...lock.notCaptured);
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `${name}-${timestamp}`,
    // The form of address that the specification suggests for documents that are not published.
    documentNamespace: `https://spdx.org/spdxdocs/${name}-${timestamp}-${lockHash.replace(/^\w+:/, "")}`,
    creationInfo: { created: spdxTime(timestamp), creators: [`Tool: ${tool.name}-${tool.version}`] },
    packages: [
      { ...element(IMAGE, name, timestamp, "CONTAINER"), comment: comment.join(", ") },
      ...lock.bases.map((base, index) => baseElement(base, baseId(index))),
      ...lock.packages.map((item, index) => packageElement(item, packageId(index), vendors)),
    ],
    relationships: [
      relation("SPDXRef-DOCUMENT", "DESCRIBES", IMAGE),
      ...lock.bases.map((_base, index) => relation(IMAGE, "DESCENDANT_OF", baseId(index))),
      ...lock.packages.map((item, index) =>
        isInImage(item)
          ? relation(IMAGE, "CONTAINS", packageId(index))
          : relation(packageId(index), "BUILD_DEPENDENCY_OF", IMAGE),
      ),
    ],
  };
}
