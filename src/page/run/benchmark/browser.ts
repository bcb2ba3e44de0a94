import type { Browser } from './results.ts';

/**
 * Browsers' names in their user agents. Special names come first, because many user agents name
 * other browsers too.
 */
const BROWSERS: [pattern: RegExp, name: string][] = [
  [/Edg\/([\d]+)/, 'Edge'],
  [/OPR\/([\d]+)/, 'Opera'],
  [/Firefox\/([\d]+)/, 'Firefox'],
  [/Chrome\/([\d]+)/, 'Chrome'],
  [/Version\/([\d.]+).*Safari/, 'Safari'],
];

const SYSTEMS: [pattern: RegExp, name: string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

/** The browser and its version, and the operating system, as far as the user agent tells. */
export function browserOf(agent = navigator.userAgent): Browser {
  const [, system] = SYSTEMS.find(([pattern]) => pattern.test(agent)) ?? [];
  for (const [pattern, name] of BROWSERS) {
    const version = pattern.exec(agent)?.[1];
    if (version) return { name, version, ...(system && { system }) };
  }
  return {};
}
