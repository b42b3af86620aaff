import { dirname, join } from "node:path";
import { pinnedTool } from "../../scripts/setup/pinned-tool.mjs";
import { forTests } from "./builder.mjs";
import pins from "./pins.json" with { type: "json" };

/** oras, and a registry that lists referrers, for the tests. @type {(context: Context) => Promise<Outcome>} */
export function registryTools(context) {
  return forTests("registry-tools", context, async () => {
    const { path, how } = await pinnedTool({ name: "oras", ...pins.oras }, context);
    const folder = dirname(path);
    const environment = { TESTS_ORAS_FOLDER: folder, TESTS_REFERRERS_REGISTRY: join(folder, "registry") };
    return { text: how, environment };
  });
}
