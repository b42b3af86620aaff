import { delimiter, dirname } from "node:path";
import type { Suite } from "mocha";
import { describeWith, setUpOf } from "./set-up";

/**
 * Tests with a real Apptainer, which goes before the others on PATH. Where the set-up could not get one they are skipped,
 * with the reason in their title; on CI they fail.
 */
export function describeWithApptainer(title: string, body: (this: Suite) => void): void {
  describeWith(setUpOf("apptainer"), title, "Apptainer", function (environment) {
    let outside: string | undefined;
    before(() => {
      outside = process.env.PATH;
      const { VERIFIED_IMAGES_TESTS_APPTAINER: program = "" } = environment();
      process.env.PATH = [dirname(program), outside].join(delimiter);
    });
    body.call(this);
    after(() => {
      process.env.PATH = outside;
    });
  });
}
