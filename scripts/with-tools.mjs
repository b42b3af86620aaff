/** `node scripts/with-tools.mjs <command>`: runs it in the project with the tools of the set-up and Pulumi's state. */
import { environment } from "./setup/environment.mjs";
import { foreground } from "./setup/foreground.mjs";
import { PROJECT } from "./setup/project.mjs";
import { printFailure } from "./setup/report.mjs";

try {
  const [command = "pulumi", ...args] = process.argv.slice(2);
  process.exitCode = await foreground(command, args, { cwd: PROJECT, env: environment().env });
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
