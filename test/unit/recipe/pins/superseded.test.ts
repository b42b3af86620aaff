import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { runsToOrder } from "../../../../provider/recipe/pins/runs-to-order";
import { packagesOfRun, projectsOfRun, superseded } from "../../../../provider/recipe/pins/superseded";
import { table } from "../../../support/table";
import { inShort, packagesOf } from "../../packages/in-short";

describe("runsToOrder", () => {
  table("has the RUNs before the last one that may install with pip or npm: %j")`
    pip install a; pip install b ¦ 1
    apt-get install -y python3-pip npm; pip install a; true ¦
    python3 -m pip install a; ls; /venv/bin/pip3.11 install b; npm ci ¦ 1, 3
    ./install.sh; ["sh", "/install.sh"]; npx x ¦ 1, 2
    <<EOF\npip install a\nEOF; make; echo ¦ 1
    npm ci; npm run build; pip --version; npm test ¦
    npm ci; npm prune; poetry run pip install x ¦ 1, 2
    ls; curl x ¦
  `((runs, expected) => {
    const all = runs.split("; ").map((run) => `RUN ${run}\n`);
    const parsed = parseDockerfile(`FROM a\nONBUILD RUN pip install x\n${all.join("")}`);
    assert.equal(runsToOrder(parsed, parsed.stages[0] ?? assert.fail()).join(", "), expected);
  });
});

describe("superseded", () => {
  const at = (...packages: string[]) => ({ packages: packagesOf(...packages), npmProjects: [] });
  it("has what a later RUN replaced or removed, with the last RUN after which it was there", () => {
    const checkpoints = [
      { run: 1, ...at("pip:a@2 in /v", "pip:b@1 in /v", "npm:c@1 in /n", "dpkg:d@1") },
      { run: 3, ...at("pip:a@1 in /v", "pip:b@1 in /v", "npm:c@1 in /n", "npm:c@1 in /m", "dpkg:d@2") },
    ];
    const { packages } = superseded(checkpoints, at("pip:a@2 in /v", "npm:c@2 in /n", "npm:c@1 in /m"));
    const gone = "npm:c@1 in /n gone until 3, pip:a@1 in /v gone until 3, pip:a@2 in /v gone until 1";
    assert.equal(packages.map(inShort).sort().join(", "), `${gone}, pip:b@1 in /v gone until 3`);
  });

  it("keeps a project's lock files of before", () => {
    const of = (lock: string) => ({ packages: [], npmProjects: [{ root: "/app", lock }] });
    const { npmProjects } = superseded([{ run: 2, ...of("1") }], of("2"));
    assert.deepEqual(npmProjects, [{ root: "/app", lock: "1", run: 2 }]);
    const all = [...of("2").npmProjects, ...npmProjects];
    const locks = [1, 2, 3, null].map((run) => projectsOfRun(all, run).map(({ lock }) => lock));
    assert.deepEqual(locks, [["1"], ["1"], ["2"], ["2"]]);
  });
});

describe("packagesOfRun", () => {
  const pip = ["pip:a@2", "pip:a@2 gone until 1", "pip:a@1 gone until 3", "pip:b@1 gone until 1"];
  const removed = ["dpkg:c@1 gone until 1", "dpkg:d@1 gone", "dpkg:d@2"];
  const packages = packagesOf(...pip, ...removed, "dpkg:e@1 gone until 2", "dpkg:e@2 gone until 2");
  // What of Debian's was removed is not known: it stays allowed.
  table("are for RUN %s what stood then")`
    1 ¦ pip:a@2 pip:b@1 dpkg:c@1 dpkg:d@1 dpkg:d@2 dpkg:e@1 dpkg:e@2
    2 ¦ pip:a@1 dpkg:c@1 dpkg:d@1 dpkg:d@2 dpkg:e@1 dpkg:e@2
    4 ¦ pip:a@2 dpkg:c@1 dpkg:d@1 dpkg:d@2 dpkg:e@1 dpkg:e@2
  `((run, expected) => {
    const shown = packagesOfRun(packages, Number(run)).map((item) => inShort(item).replace(/ gone.*/, ""));
    assert.equal(shown.join(" "), expected);
  });
});
