import type { Report } from '../../../src/page/run/protocol.ts';
import { Runner } from '../../../src/page/run/runner.ts';
import { DEFAULTS, type Settings } from '../../../src/page/settings/settings.ts';

/** A run on the CPU that goes on until it is paused. */
export const SMALL_RUN: Settings = {
  ...DEFAULTS,
  backend: 'cpu',
  perClass: 30,
  hidden: [8],
  initialization: 'he',
  stopStep: 0,
};

/** A runner, a way to open a small run in it, and all that it reports. */
export function smallRun(settings: Partial<Settings> = {}) {
  const reports: Report[] = [];
  const runner = new Runner((report) => reports.push(report));
  const open = () => {
    runner.handle({ type: 'open', run: 1, settings: { ...SMALL_RUN, ...settings }, turns: [], step: 0 });
    return runner.idle;
  };
  return { runner, open, reports };
}
