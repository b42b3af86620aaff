import type { Engine, ImageFacts } from "../../provider/engines/engine";
import { engineTags } from "../../provider/promote/apply/places";
import { pointAll, type Previous } from "../../provider/promote/apply/point-all";

/** Points targets of one engine at an image, by its ID, as a promotion without registries does. */
export async function tagAll(
  engine: Engine,
  image: ImageFacts,
  targets: readonly string[],
): Promise<Previous> {
  return await pointAll([{ place: engineTags(engine, image.id), targets }], image.id);
}
