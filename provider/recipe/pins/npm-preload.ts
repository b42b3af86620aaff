import { FREE } from "./free";

/**
 * CommonJS that every Node.js process of a pinned RUN loads first (`NODE_OPTIONS=--require`). It runs on Node.js 8.9
 * and later. The code is constant; the versions are in `npm-pins.json` beside it (`npmPins`).
 *
 * npm 6 to 11 choose every version in their bundled module `npm-pick-manifest`, also for `npm install -g` and `npx`. In
 * these two programs the module gets to see only the locked versions of a package, each with the lock's integrity. It
 * may find none that fits although the registry has one, and although all locked versions are still there. Then the
 * recipe asks for something that the lock lacks, and the error says so in a form that `namesOutsideLock` recognises.
 *
 * One exact version that the lock does not have is answered as the registry has it. npm asks that of packages for other
 * systems: for a lock file of version 1 it looks up for which system a package is, and installs it if it is told nothing.
 * If a recipe does install such a version, the comparison shows it. Everything is answered so where the variable is set
 * that leaves conflicts free.
 *
 * If anything goes wrong in this code, npm works as without it. The comparison then shows the drift.
 */
export const NPM_PRELOAD = String.raw`'use strict';
(function () {
  const fs = require('fs');
  const path = require('path');
  const Module = require('module');

  function lockedOnly(packument, locked, semver) {
    const published = packument.versions || {};
    const versions = {};
    for (const version of Object.keys(locked).filter((one) => one in published)) {
      const manifest = published[version];
      const integrity = locked[version];
      const dist = Object.assign({}, manifest.dist, integrity ? { integrity: integrity } : {});
      versions[version] = Object.assign({}, manifest, { dist: dist });
    }
    const highest = semver.rsort(Object.keys(versions), true);
    const stable = highest.filter((one) => !semver.prerelease(one, true));
    const tags = Object.assign({}, packument['dist-tags']);
    for (const tag of Object.keys(tags)) {
      if (tags[tag] in versions) continue;
      tags[tag] = (tag === 'latest' && stable[0]) || highest[0];
      if (!tags[tag]) delete tags[tag];
    }
    return Object.assign({}, packument, { versions: versions, 'dist-tags': tags });
  }

  function isGone(packument, locked, wanted, semver) {
    return Object.keys(locked)
      .filter((one) => !(one in (packument.versions || {})))
      .some((one) => semver.validRange(wanted, true) === null || semver.satisfies(one, wanted, true));
  }

  function pinned(pick, pins, semver) {
    return Object.assign(function (packument, wanted) {
      const all = arguments;
      let locked, view;
      try {
        locked = pins.get(packument.name) || {};
        view = lockedOnly(packument, locked, semver);
      } catch (error) {
        return pick.apply(this, all);
      }
      try {
        return pick.apply(this, [view].concat(Array.prototype.slice.call(all, 1)));
      } catch (error) {
        if (isGone(packument, locked, wanted, semver)) throw error;
        const found = pick.apply(this, all);
        if (semver.valid(wanted, true) || process.env.${FREE}) return found;
        const outside = new Error('outside the lock: ' + packument.name + ' ' + wanted);
        throw Object.assign(outside, { code: 'EOUTSIDELOCK' });
      }
    }, pick);
  }

  try {
    if (!/^np[mx](-cli)?(\.c?js)?$/.test(path.basename(process.argv[1] || ''))) return;
    const pins = new Map(Object.entries(JSON.parse(fs.readFileSync(path.join(__dirname, 'npm-pins.json'), 'utf8'))));
    if (pins.size === 0) return;
    const load = Module._load;
    const known = new WeakMap();
    Module._load = function (request, parent) {
      const loaded = load.apply(this, arguments);
      if (request !== 'npm-pick-manifest') return loaded;
      try {
        const near = { paths: [path.dirname(Module._resolveFilename(request, parent))] };
        if (!known.has(loaded)) known.set(loaded, pinned(loaded, pins, require(require.resolve('semver', near))));
        return known.get(loaded);
      } catch (error) {
        return loaded;
      }
    };
  } catch (error) {
    return;
  }
})();
`;
