import type { LockedPackage } from "../../packages/lock/types";

/**
 * apt preferences that allow exactly the locked versions (apt_preferences(5)): each at 1001, which also
 * permits a downgrade, and everything else at -1, never installed. Without the catch-all apt would install
 * the newest version of any package that is not named, and report success. A name that stands at two versions, at
 * different moments of the build, may be installed at either.
 *
 * Empty when the lock has no Debian package.
 */
export function aptPreferences(packages: readonly LockedPackage[]): string[] {
  const debs = packages.filter((item) => item.ecosystem === "dpkg");
  if (debs.length === 0) return [];
  const stanzas = debs.map(({ name, arch, version }) => {
    const full = arch === undefined ? name : `${name}:${arch}`;
    return `\nPackage: ${full}\nPin: version ${version}\nPin-Priority: 1001`;
  });
  const allowed = [...new Set(stanzas)].flatMap((stanza) => stanza.split("\n"));
  return ["Package: *", "Pin: release *", "Pin-Priority: -1", ...allowed];
}

/**
 * An apt.conf(5) that makes the preferences above the only ones; read through APT_CONFIG, so that no file
 * of the image is touched.
 *
 * @param directory where the pins are mounted
 */
export function aptConfiguration(directory: string): string[] {
  return [
    `Dir::Etc::Preferences "${directory}/preferences";`,
    `Dir::Etc::PreferencesParts "${directory}/preferences.d";`,
  ];
}
