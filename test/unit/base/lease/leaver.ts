/**
 * A program of its own: exits with 3 while it has the lease on the artifact `web` of the store in its first argument. With `another`
 * as its second one, somebody else has taken it over by then.
 */
import { writeFileSync } from "node:fs";
import { artifactLease, withArtifact } from "../../../../provider/base/lease/artifact";
import { newLease } from "../../../../provider/base/lease/lease-file";

const [, , root = "", whose] = process.argv;

void withArtifact({ root, name: "web", note: () => undefined }, () => {
  const other = { ...newLease(), token: "0123456789abcdef" };
  if (whose === "another") writeFileSync(artifactLease(root, "web"), JSON.stringify(other));
  process.exit(3);
});
