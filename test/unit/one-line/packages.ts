import { parseInstalled } from "../../../provider/packages/capture/apk/installed";
import { absoluteEntryPath } from "../../../provider/packages/capture/archive/entry-path";
import { escapedPath, pathText } from "../../../provider/packages/capture/archive/path-text";
import { paxRecords } from "../../../provider/packages/capture/archive/pax-bytes";
import { parseCondaRecord } from "../../../provider/packages/capture/conda/record";
import { deb822Stanzas } from "../../../provider/packages/capture/deb822";
import { dpkgFile } from "../../../provider/packages/capture/dpkg/files";
import { parseDeb822Sources, parseSourcesList } from "../../../provider/packages/capture/dpkg/sources";
import { parseStatus, parseStatusPart, parseUpdate } from "../../../provider/packages/capture/dpkg/status";
import { isCacheIndex, parseCacheIndex } from "../../../provider/packages/capture/npm/cache-index";
import { parseHiddenLock } from "../../../provider/packages/capture/npm/hidden-lock";
import { parseManifest } from "../../../provider/packages/capture/npm/manifest";
import { leadsToPackages, npmPlace } from "../../../provider/packages/capture/npm/paths";
import { parseOsRelease } from "../../../provider/packages/capture/os-release";
import { matcher } from "../../../provider/packages/capture/outside/match";
import { cratePackages } from "../../../provider/packages/capture/programs/cargo";
import { readGoBuildInfo } from "../../../provider/packages/capture/programs/go";
import { parseMetadata } from "../../../provider/packages/capture/python/metadata";
import { isEnvironment, isLeftOver, pythonFile } from "../../../provider/packages/capture/python/paths";
import { copiesInside, isBuiltOnTheSpot, recordHash } from "../../../provider/packages/capture/python/record";
import { rpmFile } from "../../../provider/packages/capture/rpm/database";
import { parseRpmHeader } from "../../../provider/packages/capture/rpm/header";
import { parseGemspec } from "../../../provider/packages/capture/rubygems/gemspec";
import { gemspecFile } from "../../../provider/packages/capture/rubygems/paths";
import { versionKey } from "../../../provider/packages/compare/version-key";
import { parseLock } from "../../../provider/packages/lock/parse";
import { fromIntegrity } from "../../../provider/packages/views/checksum";
import { filesOfVersion, indexFiles } from "../../../provider/packages/views/index-files";
import { isPythonName, isPythonVersion } from "../../../provider/packages/views/python-version";
import { spdxTime } from "../../../provider/packages/views/spdx";
import { after, bytesAfter, drained, type Parser } from "./parser";

const GEM = "Gem::Specification.new do |s|\n";
const paths = (path: string): unknown[] => [
  ...[dpkgFile(path), npmPlace(path), pythonFile(path), rpmFile(path), gemspecFile(path), isCacheIndex(path)],
  ...[isEnvironment(path), isLeftOver(path), leadsToPackages(path), pathText(path), escapedPath(path)],
  matcher()(path),
];

/** What reads an image's packages, and the locks and pages of packages. */
export const PACKAGES: readonly Parser[] = [
  ...bytesAfter("dpkg's status", parseStatus, [
    "",
    "Package: ",
    "Package:",
    "Package: a\nStatus: ",
    "a: b\n ",
  ]),
  ...bytesAfter("dpkg's status, ended", (text) => parseStatus(Buffer.concat([text, Buffer.from("\n\n")])), [
    ...["", "Package: ", "Package: a\nStatus: ", "Package: a\nStatus: install ok installed\nVersion: "],
  ]),
  ...bytesAfter("dpkg's status.d", parseStatusPart, ["", "Package: ", "Package: a\nversion: "]),
  ...bytesAfter("dpkg's updates", parseUpdate, ["", "Package: "]),
  ...after("deb822", drained(deb822Stanzas), ["", "a", "a:", "a: b\n ", "a\u0001"]),
  ...after("sources.list", parseSourcesList, ["", "deb ", "deb [", "deb a:", "deb a: ", "#"]),
  ...after(".sources", parseDeb822Sources, [
    ...["", "types: ", "uris: ", "types: deb\nsuites: a\nuris: ", "types: deb\nuris: a:b\nsuites: "],
  ]),
  ...bytesAfter("apk's database", parseInstalled, ["", "P:", "C:", "C:Q1"]),
  ...bytesAfter(
    "apk's database, ended",
    (text) => parseInstalled(Buffer.concat([text, Buffer.from("\n\n")])),
    [...["P:a\nV:b\nC:Q1", "P:"]],
  ),
  ...bytesAfter("an rpm header", parseRpmHeader, [""]),
  ...bytesAfter("Python's METADATA", parseMetadata, ["", "Name: ", "Name: a\nVersion: ", "Name: a\n "]),
  ...bytesAfter(
    "Python's METADATA, ended",
    (text) => parseMetadata(Buffer.concat([text, Buffer.from("\n")])),
    [...["", "Name: ", "Name: a\n ", "Name"]],
  ),
  ...bytesAfter("Python's RECORD", recordHash, ["", '"', "a,", "a,sha256="]),
  ...bytesAfter("copies in a RECORD", copiesInside, ["", '"', "a/METADATA"]),
  ...bytesAfter("Python's WHEEL", isBuiltOnTheSpot, ["", "Tag:", "Tag: a-a-"]),
  ...bytesAfter("npm's package.json", parseManifest, ["", "{", '{"name":"', '{"name":']),
  ...bytesAfter("npm's hidden lock", parseHiddenLock, ["", "{", '{"packages":']),
  ...bytesAfter("npm's cache index", parseCacheIndex, [
    "",
    "a\t",
    '\na\t{"key":"make-fetch-happen:request-cache:',
  ]),
  [
    "a key of npm's cache index",
    (line) =>
      parseCacheIndex(
        Buffer.from(`\na\t${JSON.stringify({ key: `make-fetch-happen:request-cache:/${line}` })}`, "utf8"),
      ),
  ],
  ...bytesAfter("conda's record", (content) => parseCondaRecord(content, "a"), ["", "{", '{"name":"']),
  ...bytesAfter("a gemspec", (content) => parseGemspec(content, "a"), [
    ...["", "Gem::Specification.new |", "Gem::Specification.new ", GEM, `# stub: a\n${GEM}`],
  ]),
  ...bytesAfter(
    "a gemspec, ended",
    (text) => parseGemspec(Buffer.concat([text, Buffer.from("\nend\n")]), "a"),
    [...[`${GEM}s.name = `, `${GEM}s.version = `, `${GEM}s`, `# stub: a ${GEM}`]],
  ),
  [
    "a line of a gemspec",
    (line) => parseGemspec(Buffer.from(`${GEM}s.name = "${line.slice(0, 990)}\nend`), "a"),
  ],
  ...bytesAfter("Go's build information", (content) => readGoBuildInfo(content, true), [
    "",
    "\u00ff Go buildinf:",
  ]),
  ...bytesAfter("Rust's crates", (content) => cratePackages(content, "/a"), ["", "{"]),
  ...after("os-release", parseOsRelease, ["", "ID=", 'ID_LIKE="', "ID"]),
  ...after("the path of an entry", absoluteEntryPath, ["", "./", "/"]),
  ...bytesAfter("a pax header", paxRecords, ["", "1", "30 path="]),
  ...after("a lock", parseLock, ["", "{", '{"packages":', "["]),
  ...after("a Python version", (version) => versionKey({ ecosystem: "pip", version }), ["", "1", "1+"]),
  ...after("whether it is a Python version", isPythonVersion, ["", "1", "1+", "1.0a"]),
  ...after("whether it is a Python name", isPythonName, ["", "a"]),
  ...after("an integrity", fromIntegrity, ["", "sha512-"]),
  ...after("a page of an index", (page) => indexFiles(page, "https://a.example/"), [
    ...["", "{", "<a href='", "<a ", "<a href='#"],
  ]),
  [
    "a link of an index",
    (line) => indexFiles(`<a href="https://a.example/${line.replaceAll('"', "")}">`, "https://a.example/"),
  ],
  ["the files of a version", (line) => filesOfVersion([{ name: line, url: "", sha256: "" }], "1")],
  ...after("a time", spdxTime, ["", "20260101T000000"]),
];

/** What is told paths. Linux has none with more than 4,096 characters. */
export const PATHS: readonly Parser[] = [
  ...after("paths in an image", paths, [
    ...[
      "",
      "/",
      "/etc/apt/sources.list.d/",
      "/a/status.d/",
      "/node_modules/",
      "/a/site-packages/",
      "/status.d/",
    ],
  ]),
];
