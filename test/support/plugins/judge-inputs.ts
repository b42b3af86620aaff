import type { ObjectShape, Shape } from "./declared-inputs";
import type { Failure, PluginStandIn } from "./stand-in";
import { isUnknown, UNKNOWN, type Properties } from "./values";

/**
 * Everything in the inputs that the real plugin's declarations don't allow: unknown names and wrong types at any
 * depth, and what is required and missing. What is not known yet passes.
 */
export function judgeInputs(inputs: Properties, declared: ObjectShape): Failure[] {
  return judge(inputs, declared, "");
}

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

function judge(value: unknown, shape: Shape, property: string): Failure[] {
  if (value === UNKNOWN || shape.kind === "any") return [];
  const wrong = (wanted: string): Failure[] => [
    { property, reason: `expected ${wanted}, got ${describe(value)}` },
  ];
  switch (shape.kind) {
    case "string":
      if (typeof value !== "string") return wrong("a string");
      return shape.oneOf && !shape.oneOf.includes(value)
        ? [{ property, reason: `expected one of ${shape.oneOf.join(", ")}` }]
        : [];
    case "number":
    case "boolean":
      return typeof value === shape.kind ? [] : wrong(`a ${shape.kind}`);
    case "list":
      return Array.isArray(value)
        ? value.flatMap((item, index) => judge(item, shape.of, `${property}[${index}]`))
        : wrong("a list");
    case "map":
      return isObject(value)
        ? Object.entries(value).flatMap(([name, item]) => judge(item, shape.of, `${property}.${name}`))
        : wrong("a map");
    case "object":
      return isObject(value) ? judgeObject(value, shape, property) : wrong(`a ${shape.name}`);
  }
}

function judgeObject(value: Properties, { name, properties }: ObjectShape, path: string): Failure[] {
  const at = (property: string): string => (path === "" ? property : `${path}.${property}`);
  const missing = Object.entries(properties)
    .filter(([property, { required }]) => required && value[property] === undefined)
    .map(([property]) => ({ property: at(property), reason: `${name} requires "${property}"` }));
  const given = Object.entries(value).flatMap(([property, item]) => {
    const known = Object.hasOwn(properties, property) ? properties[property] : undefined;
    if (known) return judge(item, known.shape, at(property));
    const reason = `the real plugin has no such property: ${name} knows ${Object.keys(properties).join(", ")}`;
    return [{ property: at(property), reason }];
  });
  return [...missing, ...given];
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return isUnknown(value) ? "what is not known yet" : `a ${typeof value}`;
}
