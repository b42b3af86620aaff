/** A program of its own: says as JSON what it knows of itself, of the process in its argument, and of one that is gone. */
import { spawnSync } from "node:child_process";
import {
  identityOf,
  liveness,
  thisProcess,
  type ProcessIdentity,
} from "../../../../provider/base/process/identity";

const other = JSON.parse(process.argv[2] ?? "") as ProcessIdentity;
const gone = identityOf(spawnSync("true").pid);
console.log(
  JSON.stringify({
    own: thisProcess(),
    ofThis: liveness(other),
    ofOwn: liveness(thisProcess()),
    ofGone: liveness(gone),
  }),
);
