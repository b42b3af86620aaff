import assert from "node:assert/strict";
import { sentence } from "../../../../provider/build/roundtrip/sentence";

describe("sentence", () => {
  const named = ["/home/ann/infra/.state/store", "/home/ann/app"];

  it("has no absolute path of the store, the context or the program, and one line", () => {
    const error = new Error(
      "docker build failed; its log is /home/ann/infra/.state/store/web/web-1.verify.log, and ends:\n#1 x",
    );
    assert.equal(
      sentence(error, "/home/ann/infra/program", named),
      "docker build failed; its log is ../.state/store/web/web-1.verify.log",
    );
    assert.equal(
      sentence(new Error("the build context /home/ann/app has changed"), "/home/ann/infra/program", named),
      "the build context ../../app has changed",
    );
    assert.equal(
      sentence("/home/ann/infra/program/x is gone", "/home/ann/infra/program", named),
      "x is gone",
    );
  });

  it("leaves paths inside an image as they are", () => {
    const words = '"/var/lib/dpkg/status" is cut';
    assert.equal(sentence(new Error(words), "/home/ann/infra/program", named), words);
  });
});
