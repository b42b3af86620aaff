import { parseImageId } from "./digest";
import { InvalidReferenceError } from "./errors";
import {
  DEFAULT_REGISTRY,
  DEFAULT_TAG,
  LEGACY_DEFAULT_REGISTRY,
  MAX_REPOSITORY_LENGTH,
  MAX_TEXT_LENGTH,
  OFFICIAL_NAMESPACE,
  imageIdHex,
  isDigest,
  isRegistryHost,
  isRepositoryPath,
  isTag,
} from "./grammar";
import { type WrittenParts, splitReference } from "./split";
import type { ParsedDigest, ParsedId, ParsedTag, Reference } from "./types";

/**
 * Reads an image reference by the rules of the distribution project's reference grammar. Fills in what Docker fills in:
 * `docker.io`, `library/` and `latest`.
 *
 * An image ID is `sha256:` and 64 hex digits, or the digits alone; a shorter hex word is a repository. One rule is
 * stricter than Docker's: `sha256:` or `sha512:` followed by anything else is refused as a damaged ID. Docker would
 * read a repository named `sha256`; such a repository can be named with its host.
 *
 * @throws {InvalidReferenceError} with the first thing that is wrong
 */
export function parseReference(text: string): Reference {
  if (typeof text !== "string") throw new InvalidReferenceError(String(text), "it is not a string");
  if (imageIdHex(text) !== null) return { kind: "id", id: parseImageId(text) } as ParsedId;
  const problem = problemOfText(text);
  if (problem !== null) throw new InvalidReferenceError(text, problem);

  const written = splitReference(text);
  const { registry, repository } = fullName(written);
  const wrong = problemOfParts(written, registry, repository);
  if (wrong !== null) throw new InvalidReferenceError(text, wrong);

  const { tag, digest } = written;
  if (digest === null)
    return { kind: "tag", registry, repository, tag: tag ?? DEFAULT_TAG, text } as ParsedTag;
  const tagged = tag === null ? {} : { tag };
  return { kind: "digest", registry, repository, ...tagged, digest, text } as ParsedDigest;
}

function fullName(written: WrittenParts): { registry: string; repository: string } {
  const { registry: host, repository } = written;
  const registry = host === null || host === LEGACY_DEFAULT_REGISTRY ? DEFAULT_REGISTRY : host;
  const official = registry === DEFAULT_REGISTRY && repository !== "" && !repository.includes("/");
  return { registry, repository: official ? `${OFFICIAL_NAMESPACE}/${repository}` : repository };
}

function problemOfText(text: string): string | null {
  if (text === "") return "it is empty";
  if (text.length > MAX_TEXT_LENGTH)
    return `it has ${text.length} characters, more than any reference can have`;
  if (/\s/.test(text)) return "it contains white space";
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text)) return "a reference has no scheme such as https://";
  if (/^sha(?:256|512):/i.test(text)) {
    return "it looks like an image ID, but an ID is sha256: and exactly 64 lower-case hex digits";
  }
  return null;
}

function problemOfParts(written: WrittenParts, registry: string, repository: string): string | null {
  if (!isRegistryHost(registry))
    return `${JSON.stringify(registry)} is not a registry host with optional port`;
  if (written.repository === "") return "it names no repository";
  if (written.repository !== written.repository.toLowerCase()) return "the repository must be in lower case";
  if (!isRepositoryPath(repository)) {
    return (
      `the repository ${JSON.stringify(written.repository)} may hold only a-z and 0-9 in components joined by /, ` +
      "with single separators (., _, __ or dashes) inside them"
    );
  }
  if (repository.length > MAX_REPOSITORY_LENGTH)
    return `the repository has ${repository.length} characters, the limit is ${MAX_REPOSITORY_LENGTH}`;
  if (written.tag !== null && !isTag(written.tag)) {
    return `the tag ${JSON.stringify(written.tag)} must be 1 to 128 of A-Z, a-z, 0-9, _, . and -, not starting with . or -`;
  }
  if (written.digest !== null && !isDigest(written.digest)) {
    return `the digest ${JSON.stringify(written.digest)} is neither sha256: and 64 lower-case hex digits nor sha512: and 128`;
  }
  return null;
}
