/** `npm start`: a real `pulumi up` of the root project (the quickstart) and a table of what it proved. */
import { join } from "node:path";
import { cacheFolder } from "./setup/cache.mjs";
import { environment } from "./setup/environment.mjs";
import { foreground } from "./setup/foreground.mjs";
import { PROJECT, stateFolder } from "./setup/project.mjs";
import { printFailure } from "./setup/report.mjs";
import { run } from "./setup/run.mjs";
import { recentLogs } from "./quickstart/recent-logs.mjs";
import { summary } from "./quickstart/summary.mjs";

const STACK = "dev";
const LOGS_SHOWN = 4;

/** Where to look after a failed up. @param {number} since */
function printLogs(since) {
  const logs = recentLogs(PROJECT, since).slice(0, LOGS_SHOWN);
  console.error("\nThe quickstart's `pulumi up` failed; its words are above. Logs:");
  for (const { file } of logs) console.error(`  ${file}`);
  console.error(`  ${join(cacheFolder(), "logs")} (set-up)`);
  console.error(`  ${stateFolder()} (Pulumi's state and the service's work tree)`);
}

async function quickstart() {
  const started = Date.now();
  const { pulumi, env } = environment();
  const options = { cwd: PROJECT, env };
  await run(
    "pulumi stack select",
    pulumi,
    ["stack", "select", "--create", STACK, "--non-interactive"],
    options,
  );
  const code = await foreground(pulumi, ["up", "--yes", "--stack", STACK], options);
  if (code !== 0) {
    printLogs(started);
    return code;
  }
  const outputs = await run(
    "pulumi stack output",
    pulumi,
    ["stack", "output", "--json", "--stack", STACK],
    options,
  );
  console.log(`\n${summary(JSON.parse(outputs)).join("\n")}`);
  return 0;
}

try {
  process.exitCode = await quickstart();
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
