import { basesWith } from "../../../../provider/engines/docker/bases-with";
import { effectiveBuilder } from "../../../../provider/engines/docker/builder";
import { engineIdentity, type DockerClient } from "../../../../provider/engines/docker/client";
import { imageHistory } from "../../../../provider/engines/docker/image-history";
import { inspectImages } from "../../../../provider/engines/docker/inspect";
import { tagsOf } from "../../../../provider/engines/docker/tags";

/** The images that an engine has when it is recorded. */
export const REPOSITORY = "verified-images-tests/recorded";
export const IMAGES = {
  /** Built from nothing, with a label. */
  base: `${REPOSITORY}:base`,
  /** Built on the base. */
  child: `${REPOSITORY}:child`,
  /** From an archive of files. */
  imported: `${REPOSITORY}:imported`,
  /** One that the engine has not. */
  missing: `${REPOSITORY}:missing`,
};
export const LABEL = "org.opencontainers.image.revision";
/** Of no other image on the engine. */
export const REVISION = "5ec0de".repeat(7).slice(0, 40);

/** Everything that is asked of an engine, by the functions that ask it. The answers are what these have read. */
export async function ask(client: DockerClient) {
  const identity = await engineIdentity(client);
  const facts = await inspectImages(client, Object.values(IMAGES));
  const child = facts.get(IMAGES.child);
  if (child === null || child === undefined) throw new Error(`there is no image ${IMAGES.child}`);
  return {
    identity,
    facts,
    builder: await effectiveBuilder(client),
    history: await imageHistory(client, child.id),
    bases: await basesWith(client, child.id, LABEL, REVISION),
    tags: await tagsOf(client, REPOSITORY),
  };
}
