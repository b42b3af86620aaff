/**
 * A program of its own: exits with 3 while it holds the artifact `web` of the store in its first argument. With `another`
 * as its second one, somebody else has taken the hold over by then.
 */
import { writeFileSync } from "node:fs";
import { holdFile, holdArtifact } from "../../../../provider/base/lease/hold-artifact";
import { thisHolder } from "../../../../provider/base/lease/holder";

const [, , root = "", whose] = process.argv;

void holdArtifact({ root, name: "web", note: () => undefined }, async () => {
  const other = { ...(await thisHolder(new Date())), token: "0123456789abcdef" };
  if (whose === "another") writeFileSync(holdFile(root, "web"), JSON.stringify(other));
  process.exit(3);
});
