import type { LockedPackage } from "../../packages/lock/types";

/**
 * apt preferences that allow only the locked versions (apt_preferences(5)). Each of these gets priority 1001, which
 * also allows a downgrade. Everything else gets -1 and is never installed. Without this rule for the rest, apt would
 * install the newest version of any package that is not named, and report success. If a name had two versions at
 * different times of the build, both are allowed. What only another admin directory has (`root`) does not change what is
 * pinned of a name for the image itself.
 *
 * Empty when the lock has no Debian package.
 *
 * @param preferred the locked versions are only preferred: what the lock lacks, or an archive, is installed as it comes
 */
export function aptPreferences(packages: readonly LockedPackage[], preferred = false): string[] {
  const all = packages.filter((item) => item.ecosystem === "dpkg");
  const own = new Set(all.flatMap(({ name, root }) => (root === undefined ? [name] : [])));
  const debs = all.filter(({ name, root }) => root === undefined || !own.has(name));
  if (debs.length === 0) return [];
  const stanzas = debs.map(({ name, arch, version }) => {
    const full = arch === undefined ? name : `${name}:${arch}`;
    return `\nPackage: ${full}\nPin: version ${version}\nPin-Priority: 1001`;
  });
  const allowed = [...new Set(stanzas)].flatMap((stanza) => stanza.split("\n"));
  return preferred ? allowed.slice(1) : ["Package: *", "Pin: release *", "Pin-Priority: -1", ...allowed];
}

/**
 * An apt.conf(5) that makes apt read only the preferences above. APT_CONFIG names it, so no file of the image is
 * changed.
 *
 * @param directory where the pins are mounted
 * @param preferred what the image itself prefers of other packages holds too, and apt tells what it can't satisfy: `-qq`
 *   leaves that out, `Debug::pkgProblemResolver` (apt-get(8), /usr/share/doc/apt/examples/configure-index) prints it all the same
 */
export function aptConfiguration(directory: string, preferred = false): string[] {
  const own = `Dir::Etc::Preferences "${directory}/preferences";`;
  return preferred
    ? [own, 'Debug::pkgProblemResolver "true";']
    : [own, `Dir::Etc::PreferencesParts "${directory}/preferences.d";`];
}
