import { describeContents } from "./contents";
import { describeNpm } from "./npm";
import { describePnpm } from "./pnpm";
import { packTarball, type Tarball } from "./support/tarball";

describe("the packed package", function () {
  this.timeout(1_800_000);
  let packed: Tarball | undefined;
  const tarball = (): Tarball => {
    if (packed === undefined) throw new Error("nothing was packed");
    return packed;
  };
  before(async () => void (packed = await packTarball()));
  after(() => packed?.remove());

  describeContents(tarball);
  describeNpm(tarball);
  describePnpm(tarball);
});
