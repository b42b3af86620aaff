/** `npm run pulumi -- <args>`: the CLI that the set-up found or made, in the project's root, with its state. */
import { environment } from "./setup/environment.mjs";
import { foreground } from "./setup/foreground.mjs";
import { PROJECT } from "./setup/project.mjs";
import { printFailure } from "./setup/report.mjs";

try {
  const { pulumi, env } = environment();
  process.exitCode = await foreground(pulumi, process.argv.slice(2), { cwd: PROJECT, env });
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
