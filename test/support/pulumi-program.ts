/** Arguments of a resource; plain JSON. */
export type Arguments = Readonly<Record<string, unknown>>;

/** The resources of a test program, by kind; `image` and `promotion` are also their names. */
export interface ProgramSpec {
  image?: Arguments;
  /** More images, by resource name. */
  images?: Readonly<Record<string, Arguments>>;
  /** Without a `source` of its own it promotes `image`. */
  promotion?: Arguments;
}

/** Every output that the contract declares for an image, beyond its inputs. */
export const IMAGE_OUTPUTS = [
  "imageId",
  "digest",
  "reference",
  "timestamp",
  "recipeHash",
  "contextHash",
  "lockHash",
  "lockFile",
  "lockedRecipe",
  "buildLog",
  "baseImages",
  "packages",
  "unpinned",
  "verified",
  "drift",
  "reason",
  "revision",
] as const;

/** The same for a promotion. */
export const PROMOTION_OUTPUTS = [
  "imageId",
  "digest",
  "revision",
  "verified",
  "targets",
  "previous",
  "promotedAt",
  "verdict",
  "override",
] as const;

/** The text of a JavaScript program with these resources, which exports their outputs by resource. */
export function programText({ image, images = {}, promotion }: ProgramSpec): string {
  const lines = [`const { ReproducibleImage, PromotedImage } = require("pulumi-verified-images");`];
  if (image) {
    lines.push(`const image = new ReproducibleImage("image", ${JSON.stringify(image)});`);
    lines.push(exported("image", IMAGE_OUTPUTS));
  }
  for (const [name, inputs] of Object.entries(images)) {
    const made = `new ReproducibleImage(${JSON.stringify(name)}, ${JSON.stringify(inputs)})`;
    lines.push(`{ const each = ${made};`, `${exported("each", IMAGE_OUTPUTS, name)} }`);
  }
  if (promotion) {
    const source = image && !("source" in promotion) ? "source: image.imageId, " : "";
    lines.push(
      `const promotion = new PromotedImage("promotion", { ${source}...${JSON.stringify(promotion)} });`,
    );
    lines.push(exported("promotion", PROMOTION_OUTPUTS));
  }
  return `${lines.join("\n")}\n`;
}

function exported(name: string, outputs: readonly string[], as = name): string {
  return `exports[${JSON.stringify(as)}] = { ${outputs.map((output) => `${output}: ${name}.${output}`).join(", ")} };`;
}
