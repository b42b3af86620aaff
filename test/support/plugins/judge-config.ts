import type { ObjectShape } from "./declared-inputs";
import { judgeInputs } from "./judge-inputs";
import type { Failure, PluginStandIn } from "./stand-in";
import type { Properties } from "./values";

/** What the engine itself adds to a provider's configuration. */
const OF_ENGINE = ["version", "pluginDownloadURL"];

/**
 * What is wrong with a provider's own configuration, or not done by the stand-in. The SDK sends every property that
 * is no string as JSON text.
 *
 * @param declared what the SDK's types say of it
 */
export function judgeConfig(
  { name, config }: PluginStandIn,
  declared: ObjectShape,
  given: Properties,
): Failure[] {
  const own = Object.entries(given).filter(([property]) => !OF_ENGINE.includes(property));
  const values = own.map(([property, value]): [string, unknown] => {
    const kind = declared.properties[property]?.shape.kind;
    if (typeof value !== "string" || kind === undefined || kind === "string") return [property, value];
    return [property, JSON.parse(value)];
  });
  const undone = own
    .filter(([property]) => declared.properties[property] && !config.includes(property))
    .map(([property]) => ({ property, reason: `the stand-in for ${name} does not do ${property}` }));
  return [...judgeInputs(Object.fromEntries(values), declared), ...undone];
}
