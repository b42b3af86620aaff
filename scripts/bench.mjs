/** `npm run bench [-- <benches> --rounds <number>]`: see bench/main.ts. */
import { environment } from "./setup/environment.mjs";
import { foreground } from "./setup/foreground.mjs";
import { PROJECT } from "./setup/project.mjs";
import { printFailure } from "./setup/report.mjs";

try {
  const { env } = environment();
  const args = ["--import", "tsx", "bench/main.ts", ...process.argv.slice(2)];
  process.exitCode = await foreground(process.execPath, args, { cwd: PROJECT, env });
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
