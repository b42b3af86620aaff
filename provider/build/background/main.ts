/**
 * The program of a verification in the background: root, artifact, timestamp, token and limit are its arguments, the
 * environment and the working directory are those of whoever built the image.
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
