/** `npm start`: a real `pulumi up` of the root project (the quickstart) and a table of what it proved. */
import { join } from "node:path";
import { cacheFolder } from "./setup/cache.mjs";
import { environment } from "./setup/environment.mjs";
import { parseObject } from "./setup/files.mjs";
import { foreground } from "./setup/foreground.mjs";
import { PROJECT, stateFolder } from "./setup/project.mjs";
import { printFailure } from "./setup/report.mjs";
import { run } from "./setup/run.mjs";
import { summary } from "./summary.mjs";

const STACK = "dev";

/** Where to look after a failed up. */
const PLACES = `
The quickstart's \`pulumi up\` failed; its words are above. Logs:
  ${join(stateFolder(), "quickstart", "store")} (of builds and verifications)
  ${join(cacheFolder(), "logs")} (of the set-up)
  ${stateFolder()} (Pulumi's state and the service's work tree)`;

try {
  const { pulumi, env } = environment();
  const options = { cwd: PROJECT, env };
  const stack = (/** @type {string[]} */ ...args) =>
    run(`pulumi stack ${args[0]}`, pulumi, ["stack", ...args], options);
  await stack("select", "--create", STACK, "--non-interactive");
  process.exitCode = await foreground(pulumi, ["up", "--yes", "--stack", STACK], options);
  if (process.exitCode !== 0) console.error(PLACES);
  else {
    const outputs = await stack("output", "--json", "--stack", STACK);
    console.log(`\n${summary(parseObject(outputs)).join("\n")}`);
  }
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
