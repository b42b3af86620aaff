"use strict";
/**
 * For `node --require`: takes the compiled code of modules in CommonJS from a file, so that not every process of Pulumi
 * compiles its SDK and TypeScript anew, which takes it longer than all else that it does. Newer versions of Node.js have
 * NODE_COMPILE_CACHE for that. A module whose content is another one is compiled as ever.
 *
 * VERIFIED_IMAGES_COMPILED names the file. With VERIFIED_IMAGES_COMPILE=write it is made when the process ends, of all
 * modules that were loaded. It has a line of JSON, `{path: [digest, start, end]}`, and the code after it.
 */
const { createHash } = require("node:crypto");
const { readFileSync, writeFileSync } = require("node:fs");
/** @type {any} The parts that are used have no declarations. */
const Module = require("node:module");
const { dirname, sep } = require("node:path");
const { setFlagsFromString } = require("node:v8");
const { Script } = require("node:vm");

const file = process.env.VERIFIED_IMAGES_COMPILED ?? "";
const writes = process.env.VERIFIED_IMAGES_COMPILE === "write";
const compileAlways = Module.prototype._compile;

/** @type {{index: Record<string, [string, number, number]>, code: Buffer} | undefined} */
let cache;
function open() {
  if (writes) return { index: {}, code: Buffer.alloc(0) };
  const content = readFileSync(file);
  const line = content.indexOf("\n");
  return { index: JSON.parse(content.toString("utf8", 0, line)), code: content.subarray(line + 1) };
}

/** @type {{filename: string, digest: string, script: Script}[]} */
const compiled = [];

Module.prototype._compile = function (/** @type {string} */ content, /** @type {string} */ filename) {
  // What imports dynamically needs the loader's own compiler; TypeScript only has the word in it.
  const isOurs = filename.includes(`${sep}node_modules${sep}`) || filename.includes(`${sep}dist${sep}`);
  const imports = /\bimport\(/.test(content) && !filename.endsWith("typescript.js");
  if (!isOurs || imports) return compileAlways.call(this, content, filename);
  if (cache === undefined) {
    cache = open();
    // The SDK sets it too, at one point or another; compiled code is for one set of flags.
    setFlagsFromString("--allow-natives-syntax");
  }
  const source = Module.wrap(content.replace(/^#!.*/, ""));
  const digest = createHash("md5").update(source).digest("hex");
  const [known, start, end] = cache.index[filename] ?? [];
  const cachedData = known === digest ? cache.code.subarray(start, end) : undefined;
  const script = new Script(source, { filename, cachedData });
  if (writes) compiled.push({ filename, digest, script });
  const require = (/** @type {string} */ id) => this.require(id);
  require.resolve = (/** @type {string} */ id, /** @type {object} */ options) =>
    Module._resolveFilename(id, this, false, options);
  require.resolve.paths = (/** @type {string} */ id) => Module._resolveLookupPaths(id, this);
  Object.assign(require, { main: process.mainModule, extensions: Module._extensions, cache: Module._cache });
  const run = script.runInThisContext();
  return run.call(this.exports, this.exports, require, this, filename, dirname(filename));
};

function write() {
  const parts = compiled.map(({ script }) => script.createCachedData());
  let end = 0;
  const entries = compiled.map(({ filename, digest }, at) => {
    const start = end;
    end += parts[at]?.length ?? 0;
    return [filename, [digest, start, end]];
  });
  writeFileSync(
    file,
    Buffer.concat([Buffer.from(`${JSON.stringify(Object.fromEntries(entries))}\n`), ...parts]),
  );
}
if (writes) process.once("exit", write);
