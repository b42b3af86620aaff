import { expandVariables } from "./expand";
import { platformArguments } from "./platform-arguments";
import { type ParsedDockerfile } from "./types";

/** What a build is asked to do with a recipe, as far as reading it needs that. */
export interface RecipeSettings {
  /** Name or number of the stage to build; default: the last one. */
  target?: string | null;
  /** Default: none. */
  buildArgs?: Readonly<Record<string, string>>;
  /** What is built for, such as `linux/amd64` or `linux/arm/v7`. */
  platform: string;
  /** What the builder runs on; default: `platform`. */
  buildPlatform?: string;
}

/**
 * The variables that FROM lines see: the automatic platform ARGs, and the ARGs before the first FROM with their
 * build argument or default. An ARG that has neither is not in the map. Build arguments win over the automatic
 * ones too, as in BuildKit; a build argument whose ARG is not declared there is not visible.
 *
 * @throws RecipeError for a default that can't be expanded and for an invalid platform.
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
