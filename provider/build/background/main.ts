/**
 * The program that verifies a build in the background. Its arguments are root, name, timestamp, token and limit; its
 * working directory is that of the process that built the image, its environment a part of that process's.
 */
import { parseJob } from "./job";
import { runVerification } from "./run";

const job = parseJob(process.argv.slice(2));
if (job === null) {
  console.error("this program is started by pulumi-verified-images; use verified-images verify");
  process.exitCode = 2;
} else {
  void runVerification(job).then((ok) => (process.exitCode = ok ? 0 : 1));
}
