/** Arguments of a resource; plain JSON. */
export type Arguments = Readonly<Record<string, unknown>>;

/** The resources of a test program, by kind; `image` and `promotion` are also their names. */
export interface ProgramSpec {
  image?: Arguments;
  /** More images, by resource name. */
  images?: Readonly<Record<string, Arguments>>;
  /** Without a `source` of its own it promotes `image`. */
  promotion?: Arguments;
  /** More promotions, by resource name; without a `source` each promotes the image that `of` names. */
  promotions?: Readonly<Record<string, Arguments & { of?: string }>>;
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
  "notCaptured",
  "proof",
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
export function programText({ image, images = {}, promotion, promotions = {} }: ProgramSpec): string {
  const lines = [
    `const { ReproducibleImage, PromotedImage } = require("pulumi-verified-images");`,
    "const made = {};",
  ];
  for (const [name, inputs] of Object.entries({ ...(image && { image }), ...images }))
    lines.push(made("ReproducibleImage", name, JSON.stringify(inputs), IMAGE_OUTPUTS));
  const own = promotion && { promotion: { ...(image && { of: "image" }), ...promotion } };
  for (const [name, { of, ...inputs }] of Object.entries({ ...own, ...promotions })) {
    const source = of === undefined ? "" : `source: made[${JSON.stringify(of)}].imageId, `;
    lines.push(made("PromotedImage", name, `{ ${source}...${JSON.stringify(inputs)} }`, PROMOTION_OUTPUTS));
  }
  return `${lines.join("\n")}\n`;
}

function made(type: string, name: string, inputs: string, outputs: readonly string[]): string {
  const key = JSON.stringify(name);
  const exported = outputs.map((output) => `${output}: made[${key}].${output}`).join(", ");
  return `made[${key}] = new ${type}(${key}, ${inputs});\nexports[${key}] = { ${exported} };`;
}
