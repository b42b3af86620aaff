import { apptainer } from "./apptainer.mjs";
import { builder, compose } from "./builder.mjs";
import { otherEngines } from "./engines.mjs";
import { registryTools } from "./registry-tools.mjs";
import { testTools } from "./test-tools.mjs";

/**
 * What only the tests need.
 * @type {(engine: import("../../scripts/setup/engine.mjs").Engine, does: Does) => Promise<void>}
 */
export async function setUpTests({ docker, environment }, does) {
  await does("test tools", testTools);
  await does("registry tools", registryTools);
  await does("apptainer", apptainer);
  await does("compose", (context) => compose(context, docker.path), environment);
  await does("builder", (context) => builder(context, docker.path), environment);
  await otherEngines(does);
}
