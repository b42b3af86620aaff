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
import { addCandidates, parseAptSource, priorityOf } from "../../../provider/packages/upstream/apt-archive";
import { compareDebianVersions } from "../../../provider/packages/upstream/debian-version";
import { wantedOf } from "../../../provider/packages/upstream/finding";
import { newestNpm, newestPython, pythonFiles } from "../../../provider/packages/upstream/releases";
import { fromIntegrity } from "../../../provider/packages/views/checksum";
import { filesOfVersion, indexFiles } from "../../../provider/packages/views/index-files";
import { isPythonName, isPythonVersion } from "../../../provider/packages/views/python-version";
import { spdxTime } from "../../../provider/packages/views/spdx";
import { after, bytesAfter, endedAfter, type Parser } from "./parser";

const GEM = "Gem::Specification.new do |s|\n";
const CACHE_KEY = "make-fetch-happen:request-cache:";
const STATUS = "Package: a\nStatus: ";
const SUITES = "types: deb\nsuites: a\n";
const GEM_LINES = [`${GEM}s.name = `, `${GEM}s.version = `, `${GEM}s`, `# stub: a ${GEM}`].join("¦");
const INDEX = "https://a.example/";
const paths = (path: string): unknown[] => [
  ...[dpkgFile(path), npmPlace(path), pythonFile(path), rpmFile(path), gemspecFile(path), isCacheIndex(path)],
  ...[isEnvironment(path), isLeftOver(path), leadsToPackages(path), pathText(path), escapedPath(path)],
  matcher()(path),
];
const cacheKey = (line: string): string => JSON.stringify({ key: `${CACHE_KEY}/${line}` });
const link = (line: string): string => `<a href="${INDEX}${line.replaceAll('"', "")}">`;
const gemspec = (content: Buffer) => parseGemspec(content, "a");

/** What reads an image's packages, and the locks and pages of packages. */
export const PACKAGES: readonly Parser[] = [
  ...bytesAfter("dpkg's status", "¦Package: ¦Package:¦Package: a\nStatus: ¦a: b\n ", parseStatus),
  ...endedAfter(
    "dpkg's status, ended",
    `¦Package: ¦${STATUS}¦${STATUS}install ok installed\nVersion: `,
    "\n\n",
    parseStatus,
  ),
  ...bytesAfter("dpkg's status.d", "¦Package: ¦Package: a\nversion: ", parseStatusPart),
  ...bytesAfter("dpkg's updates", "¦Package: ", parseUpdate),
  ...after("deb822", "¦a¦a:¦a: b\n ¦a\u0001", (text) => [...deb822Stanzas(text)]),
  ...after("a source to ask", "¦deb ¦deb [¦deb [arch=¦deb a:// b ", parseAptSource),
  ...after("an archive's Release", "¦NotAutomatic:¦NotAutomatic: yes\nButAutomaticUpgrades:", priorityOf),
  ...after(
    "an archive's index",
    "¦Package: ¦Package: a\nVersion: ¦Package: a\nVersion: 1\n\nPackage: a\nVersion: ",
    (text) => addCandidates(new Map(), text, 500),
  ),
  ...after("a Debian version", "¦1:¦1-¦1~", (text) => [
    compareDebianVersions(text, "1:1-1"),
    compareDebianVersions(text, `${text}-1`),
  ]),
  ...after("a project's page", "¦<a ¦<a href='¦<a data-requires-python='¦<a>", pythonFiles),
  ...after("a project's file", "¦a-1¦a-¦a-1.0-", (name) => [
    newestPython([{ name: `${name}.tar.gz`, yanked: false, requires: name }], "1.0", "3.11"),
    newestPython([{ name: `${name}.whl`, yanked: false, requires: null }], name, null),
    newestNpm(JSON.stringify({ "dist-tags": { latest: name }, versions: { [name]: {} } }), name),
    wantedOf([{ ecosystem: "pip", name: "a", version: "1", root: `/python3.${name}` }]),
  ]),
  ...after("sources.list", "¦deb ¦deb [¦deb a:¦deb a: ¦#", parseSourcesList),
  ...after(".sources", `¦types: ¦uris: ¦${SUITES}uris: ¦types: deb\nuris: a:b\nsuites: `, parseDeb822Sources),
  ...bytesAfter("apk's database", "¦P:¦C:¦C:Q1", parseInstalled),
  ...endedAfter("apk's database, ended", "P:a\nV:b\nC:Q1¦P:", "\n\n", parseInstalled),
  ...bytesAfter("an rpm header", "", parseRpmHeader),
  ...bytesAfter("Python's METADATA", "¦Name: ¦Name: a\nVersion: ¦Name: a\n ", parseMetadata),
  ...endedAfter("Python's METADATA, ended", "¦Name: ¦Name: a\n ¦Name", "\n", parseMetadata),
  ...bytesAfter("Python's RECORD", '¦"¦a,¦a,sha256=', recordHash),
  ...bytesAfter("copies in a RECORD", '¦"¦a/METADATA', copiesInside),
  ...bytesAfter("Python's WHEEL", "¦Tag:¦Tag: a-a-", isBuiltOnTheSpot),
  ...bytesAfter("npm's package.json", '¦{¦{"name":"¦{"name":', parseManifest),
  ...bytesAfter("npm's hidden lock", '¦{¦{"packages":', parseHiddenLock),
  ...bytesAfter("npm's cache index", `¦a\t¦\na\t{"key":"${CACHE_KEY}`, parseCacheIndex),
  ["a key of npm's cache index", (line) => parseCacheIndex(Buffer.from(`\na\t${cacheKey(line)}`))],
  ...bytesAfter("conda's record", '¦{¦{"name":"', (content) => parseCondaRecord(content, "a")),
  ...bytesAfter(
    "a gemspec",
    `¦Gem::Specification.new ¦Gem::Specification.new |¦${GEM}¦# stub: a\n${GEM}`,
    gemspec,
  ),
  ...endedAfter("a gemspec, ended", GEM_LINES, "\nend\n", gemspec),
  ["a line of a gemspec", (line) => gemspec(Buffer.from(`${GEM}s.name = "${line.slice(0, 990)}\nend`))],
  ...bytesAfter("Go's build information", "¦\u00ff Go buildinf:", (content) =>
    readGoBuildInfo(content, true),
  ),
  ...bytesAfter("Rust's crates", "¦{", (content) => cratePackages(content, "/a")),
  ...after("os-release", '¦ID=¦ID_LIKE="¦ID', parseOsRelease),
  ...after("the path of an entry", "¦./¦/", absoluteEntryPath),
  ...bytesAfter("a pax header", "¦1¦30 path=", paxRecords),
  ...after("a lock", '¦{¦{"packages":¦[', parseLock),
  ...after("a Python version", "¦1¦1+", (version) => versionKey({ ecosystem: "pip", version })),
  ...after("whether it is a Python version", "¦1¦1+¦1.0a", isPythonVersion),
  ...after("whether it is a Python name", "¦a", isPythonName),
  ...after("an integrity", "¦sha512-", fromIntegrity),
  ...after("a page of an index", "¦{¦<a href='¦<a ¦<a href='#", (page) => indexFiles(page, INDEX)),
  ["a link of an index", (line) => indexFiles(link(line), INDEX)],
  ["the files of a version", (line) => filesOfVersion([{ name: line, url: "", sha256: "" }], "1")],
  ...after("a time", "¦20260101T000000", spdxTime),
];

const FOLDERS = "/etc/apt/sources.list.d/¦/a/status.d/¦/node_modules/¦/a/site-packages/¦/status.d/";

/** What is told paths. Linux has none with more than 4,096 characters. */
export const PATHS = after("paths in an image", `¦/¦${FOLDERS}`, paths);
