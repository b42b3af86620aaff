import { RecipeError } from "./error";

const ARCHITECTURES = new Map([
  ["x86_64", "amd64"],
  ["x86-64", "amd64"],
  ["aarch64", "arm64"],
  ["i386", "386"],
  ["i686", "386"],
  ["armhf", "arm"],
]);

/**
 * The automatic platform ARGs (Dockerfile reference, "Automatic platform ARGs in the global scope").
 *
 * @param platform the platform to build for, such as `linux/amd64` or `linux/arm/v7`
 * @param buildPlatform the platform of the builder; default: `platform`
 * @throws {RecipeError} for a platform that is not `os/architecture` or `os/architecture/variant`
 */
export function platformArguments(platform: string, buildPlatform = platform): Map<string, string> {
  const values = new Map<string, string>();
  for (const [prefix, written] of [
    ["TARGET", platform],
    ["BUILD", buildPlatform],
  ] as const) {
    const { os, architecture, variant } = normalise(written);
    values.set(`${prefix}PLATFORM`, [os, architecture, variant].filter((part) => part !== "").join("/"));
    values.set(`${prefix}OS`, os);
    values.set(`${prefix}ARCH`, architecture);
    values.set(`${prefix}VARIANT`, variant);
  }
  return values;
}

/** Normalises a platform as containerd does: arm64/v8 and amd64/v1 lose the variant, and arm alone becomes arm/v7. */
function normalise(platform: string): { os: string; architecture: string; variant: string } {
  const match = /^([a-z0-9_]+)\/([a-z0-9_-]+)(?:\/([a-z0-9._]+))?$/.exec(platform.toLowerCase());
  if (!match) {
    throw new RecipeError(
      `the platform ${JSON.stringify(platform)} is not valid. Write it like linux/amd64 or linux/arm/v7.`,
    );
  }
  const [, os = "", written = "", given = ""] = match;
  const architecture = ARCHITECTURES.get(written) ?? written;
  let variant = given;
  if (architecture === "arm" && variant === "") variant = "v7";
  if (
    (architecture === "arm64" && ["8", "v8"].includes(variant)) ||
    (architecture === "amd64" && variant === "v1")
  ) {
    variant = "";
  }
  return { os, architecture, variant };
}
