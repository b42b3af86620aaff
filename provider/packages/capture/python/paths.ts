/** A file that says what a Python package is, who installed it, or which files it has. */
interface PythonFile {
  kind: "metadata" | "installer" | "record" | "wheel";
  /** The directory that contains the package. It would be on `sys.path`. */
  root: string;
  /** The directory or file that contains the package's metadata. */
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
 * What a path means to Python; null if nothing. A package is installed where its metadata is:
 * - as `*.dist-info/METADATA`, `*.egg-info/PKG-INFO`, `*.egg-info` or `*.egg/EGG-INFO/PKG-INFO`, directly in a
 * directory
 *   named `site-packages` or `dist-packages`, wherever that is (system, user, venv);
 * - as `*.dist-info/METADATA` in any other directory (`pip install --target`).
 *
 * The following is not installed:
 * - what is deeper inside a package of such an environment, or below a directory `_vendor`: it is a copy that belongs
 * to
 *   the package around it;
 * - `*.egg-info` in any other directory: that is a source tree;
 * - names that start with `~`: an uninstall that failed left them, and pip itself ignores them.
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

/** Whether a directory must contain metadata: `*.dist-info` or `*.egg-info` in an environment. */
export function isInfoDirectory(path: string): boolean {
  const match = /^(.*)\/[^/~][^/]*\.(dist|egg)-info$/.exec(path);
  return match !== null && isEnvironment(match[1]!);
}

/** Whether a directory is an environment, judged by its name. */
export function isEnvironment(directory: string): boolean {
  return ENVIRONMENT.test(directory) && !isVendored(directory);
}

function isInstallRoot(directory: string): boolean {
  return isEnvironment(directory) || !(BELOW_ENVIRONMENT.test(directory) || isVendored(directory));
}

function isVendored(directory: string): boolean {
  return directory.split("/").includes("_vendor");
}
