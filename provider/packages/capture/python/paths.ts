/** A file that says what a Python package is, who installed it, or what it holds. */
interface PythonFile {
  kind: "metadata" | "installer" | "record" | "wheel";
  /** The directory that the package stands in: what would be on `sys.path`. */
  root: string;
  /** The directory or file that holds the package's metadata. */
  info: string;
}

const KINDS: Record<string, PythonFile["kind"]> = {
  INSTALLER: "installer",
  RECORD: "record",
  WHEEL: "wheel",
};
const ENVIRONMENT = /\/(site-packages|dist-packages)$/;
const BELOW_ENVIRONMENT = /\/(site-packages|dist-packages)(\/|$)/;

/**
 * What a path means to Python, or null. A package is installed where its metadata stands
 * - as `*.dist-info/METADATA`, `*.egg-info/PKG-INFO`, `*.egg-info` or `*.egg/EGG-INFO/PKG-INFO`, directly in
 *   a directory named `site-packages` or `dist-packages`, wherever that is (system, user, venv);
 * - as `*.dist-info/METADATA` in any other directory (`pip install --target`).
 *
 * Not installed: what stands deeper inside a package of such an environment, or under a directory `_vendor`
 * (a copy that belongs to the package around it); `*.egg-info` elsewhere (a source tree); names that start
 * with `~` (what pip leaves of an uninstall that failed, and ignores itself).
 */
export function pythonFile(path: string): PythonFile | null {
  const match =
    /^(.*)\/([^/~][^/]*\.dist-info)\/(METADATA|INSTALLER|RECORD|WHEEL)$/.exec(path) ??
    /^(.*)\/([^/~][^/]*\.egg-info)\/(PKG-INFO)$/.exec(path) ??
    /^(.*)\/([^/~][^/]*\.egg)\/(EGG-INFO\/PKG-INFO)$/.exec(path) ??
    /^(.*)\/([^/~][^/]*\.egg-info)()$/.exec(path);
  if (match === null) {
    return null;
  }
  const [, root, info, file] = match as unknown as [string, string, string, string];
  const installed = info.endsWith(".dist-info") ? isInstallRoot(root) : isEnvironment(root);
  if (!installed) {
    return null;
  }
  return {
    kind: KINDS[file] ?? "metadata",
    root: root || "/",
    info: `${root}/${info}`,
  };
}

/** True for a directory that must have metadata in it: `*.dist-info` or `*.egg-info` in an environment. */
export function isInfoDirectory(path: string): boolean {
  const match = /^(.*)\/[^/~][^/]*\.(dist|egg)-info$/.exec(path);
  return match !== null && isEnvironment(match[1]!);
}

/** True for a directory that is an environment by its name. */
export function isEnvironment(directory: string): boolean {
  return ENVIRONMENT.test(directory) && !isVendored(directory);
}

function isInstallRoot(directory: string): boolean {
  return isEnvironment(directory) || !(BELOW_ENVIRONMENT.test(directory) || isVendored(directory));
}

function isVendored(directory: string): boolean {
  return directory.split("/").includes("_vendor");
}
