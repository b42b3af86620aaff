/** A program of its own: says as JSON what it knows of itself, of the process in its argument, and of one that is gone. */
import { spawnSync } from "node:child_process";
import { identityOf, liveness, thisProcess } from "../../../../provider/base/process/identity";
import type { ProcessIdentity } from "../../../../provider/base/process/identity";

const other = JSON.parse(process.argv[2] ?? "") as ProcessIdentity;
const gone = identityOf(spawnSync("true").pid);
const [ofThis, ofOwn, ofGone] = [other, thisProcess(), gone].map((who) => liveness(who));
console.log(JSON.stringify({ own: thisProcess(), ofThis, ofOwn, ofGone }));
