import { expandVariables } from "./expand";
import { platformArguments } from "./platform-arguments";
import { type ParsedDockerfile } from "./types";

/** The settings of a build on which the meaning of a recipe depends. */
export interface RecipeSettings {
  /** Name or number of the stage to build; default: the last one. */
  target?: string | null;
  /** Default: none. */
  buildArgs?: Readonly<Record<string, string>>;
  /** The platform to build for, such as `linux/amd64` or `linux/arm/v7`. */
  platform: string;
  /** The platform of the builder; default: `platform`. */
  buildPlatform?: string;
  /** Names that the builder knows as contexts, and not as images. Default: none. */
  contexts?: readonly string[];
  /** The ONBUILD instructions of base images, by reference with variables expanded. Default: none are known. */
  triggers?: ReadonlyMap<string, readonly string[]>;
}

/**
 * The variables that FROM lines see: the automatic platform ARGs, and the ARGs before the first FROM. The value of an
 * ARG is its build argument, or else its default. If it has neither, it is not in the map. Build arguments also replace
 * automatic values, as in BuildKit. A build argument without an ARG before the first FROM is not visible.
 *
 * @throws {RecipeError} for a default that can't be expanded and for an invalid platform
 */
export function globalArguments(parsed: ParsedDockerfile, settings: RecipeSettings): Map<string, string> {
  const buildArgs = new Map(Object.entries(settings.buildArgs ?? {}));
  const values = platformArguments(settings.platform, settings.buildPlatform);
  for (const name of values.keys()) values.set(name, buildArgs.get(name) ?? (values.get(name) as string));
  for (const { assignments, line } of parsed.globals) {
    for (const { name, value } of assignments) {
      const given = buildArgs.get(name);
      if (given !== undefined) values.set(name, given);
      else if (value !== null) {
        values.set(
          name,
          expandVariables(value, (variable) => values.get(variable), parsed.escape, line),
        );
      }
    }
  }
  return values;
}

/** The frontend that a build names. After a `#!` line BuildKit accepts the directive too; that is not parsed here. */
export function frontendOf(
  { syntax, text }: Pick<ParsedDockerfile, "syntax" | "text">,
  { buildArgs }: Pick<RecipeSettings, "buildArgs">,
): string | null {
  return buildArgs?.BUILDKIT_SYNTAX ?? syntax ?? (text.startsWith("#!") ? "unknown" : null);
}
