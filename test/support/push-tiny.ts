import { buildTiny, docker } from "./docker";

/**
 * Builds a tiny image under a registry's reference and pushes it; nothing of it stays on the engine. Another reference
 * makes another image.
 *
 * @param config folder of the docker configuration with the credentials; default: the user's
 * @returns its image ID
 */
export async function pushTiny(
  reference: string,
  labels: Readonly<Record<string, string>>,
  config?: string,
): Promise<string> {
  const id = await buildTiny({ name: reference, labels });
  await docker([...(config === undefined ? [] : ["--config", config]), "push", "--quiet", reference]);
  await docker(["image", "rm", reference]);
  return id;
}
