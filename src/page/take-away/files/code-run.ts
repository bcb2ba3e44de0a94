import { caseStudy } from '../../../index.ts';
import type { CodeRun, DigitsData, FileData, GeneratedData } from '../../../models/index.ts';
import { isSurface, type Settings } from '../../settings/settings.ts';
import type { RowSet } from '../../settings/study-data.ts';
import { trainerChanges, trainerOptions } from '../../settings/trainer-options.ts';
import { niceStep } from '../../ui/ticks.ts';
import type { Taken } from '../pictures/picture.ts';

/** Losses that a script prints, about. */
const PRINTED = 10;
/** Steps of a run that has neither begun nor an end. */
const STEPS = 1000;

type Run = Pick<Taken, 'settings' | 'data' | 'study' | 'latest' | 'turns'>;

/**
 * The run up to its present step, for a script; a run that has not begun, up to its end. A whole run of
 * the notes prints what the notes print.
 */
export function codeRunOf({ settings: present, data, study, latest, turns }: Run): CodeRun {
  const { step: _, ...begun } = turns[0] ?? { step: 0 };
  const settings = { ...present, ...begun };
  const steps = latest.step || settings.stopStep || STEPS;
  const printed = study && caseStudy[study];
  const whole = steps === printed?.steps;
  const source = generatedBy(settings) ?? loadedBy(settings, data.loaded?.rows);
  return {
    options: trainerOptions(settings, data.train),
    steps,
    every: whole ? printed.every : Math.max(1, niceStep(steps / PRINTED)),
    last: !whole,
    ...(source && { data: source }),
    changes: changesOf(settings, turns, 'labels' in data.train ? data.train.classes : undefined),
  };
}

/** How a function of the library makes the points; undefined if a person has changed them, or they are loaded. */
function generatedBy(settings: Settings): GeneratedData | undefined {
  const { shape, edits, classes, perClass, noise, dataSeed: seed, features, testShare } = settings;
  if (shape === 'own' || shape === 'digits' || shape === 'table' || edits.length > 0) return undefined;
  return {
    generator: shape,
    ...(isSurface(shape) ? { count: perClass } : { perClass, classes }),
    noise,
    seed,
    features: [...features],
    ...(testShare > 0 && { test: { share: testShare, seed } }),
  };
}

/** The digits, or the file of a table, if a script can read it. */
function loadedBy(settings: Settings, rows: RowSet | undefined): DigitsData | FileData | undefined {
  const { shape, table, scaled, testShare, dataSeed: seed } = settings;
  const test = testShare > 0 && { test: { share: testShare, seed } };
  if (shape === 'digits') return { generator: 'digits', scaling: scaled, ...test };
  if (shape !== 'table' || !table || !rows?.reading) return undefined;
  const { name: file, sha256, label } = table;
  // What was pasted is no file, and a packed one no text.
  if (sha256 === '' || !/\.(?!gz$)\w+$/i.test(file)) return undefined;
  return { file, sha256, label, ...rows.reading, scaling: scaled && { targets: true }, ...test };
}

/** What a trainer changes at each turn. */
function changesOf(settings: Settings, turns: Run['turns'], classes: number | undefined): CodeRun['changes'] {
  let before = settings;
  return turns.slice(1).flatMap(({ step, ...values }) => {
    const after = { ...before, ...values };
    const changes = trainerChanges(before, after, classes);
    before = after;
    return Object.keys(changes).length > 0 ? [{ step, ...changes }] : [];
  });
}
