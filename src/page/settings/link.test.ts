import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLink, parseLink } from './link.ts';
import { PRESETS, presetSettings } from './presets.ts';
import {
  BACKENDS,
  DEFAULTS,
  type Edit,
  LAYERS,
  type NumberSetting,
  OPTIMIZERS,
  PLANS,
  PRECISIONS,
  RANGES,
  type Range,
  type Settings,
  SHAPES,
  STARTS,
  UNITS,
} from './settings.ts';

const within = ({ min, max, whole }: Range) =>
  whole ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true }).map((value) => value + 0);

const place = fc.double({ min: -10, max: 10, noNaN: true }).map((value) => Number(value.toFixed(3)) + 0);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), x: place, y: place, label: fc.integer({ min: 0, max: 5 }) }),
  fc.record({
    kind: fc.constant('move' as const),
    row: fc.integer({ min: 0, max: 999 }),
    x: place,
    y: place,
  }),
  fc.record({ kind: fc.constant('remove' as const), row: fc.integer({ min: 0, max: 999 }) }),
);

const numbers = Object.fromEntries(
  Object.entries(RANGES).map(([key, range]) => [key, within(range)]),
) as Record<NumberSetting, fc.Arbitrary<number>>;

const settings: fc.Arbitrary<Settings> = fc.record({
  ...numbers,
  shape: fc.constantFrom(...SHAPES),
  edits: fc.array(edit, { maxLength: 20 }),
  hidden: fc.array(within(UNITS), { maxLength: LAYERS.max }),
  initialization: fc.constantFrom(...STARTS),
  optimizer: fc.constantFrom(...OPTIMIZERS),
  precision: fc.constantFrom(...PRECISIONS),
  backend: fc.constantFrom(...BACKENDS),
  plan: fc.constantFrom(...PLANS),
});

describe('a link', () => {
  it('holds any settings and the step, to the last bit', () => {
    const turn = fc.record({
      step: fc.integer({ min: 1, max: RANGES.stopStep.max }),
      learningRate: numbers.learningRate,
      l2: numbers.l2,
      plan: fc.constantFrom(...PLANS),
    });
    const turns = fc
      .uniqueArray(turn, { selector: ({ step }) => step, maxLength: 5 })
      .map((turns) => turns.toSorted((a, b) => a.step - b.step));
    fc.assert(
      fc.property(settings, fc.integer({ min: 1 }), turns, (chosen, further, turns) => {
        const step = further + (turns[turns.length - 1]?.step ?? 0);
        const linked = parseLink(formatLink(chosen, step, turns));
        expect(linked).toEqual({ settings: chosen, step, turns, remarks: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('is empty for the settings that the page begins with, and short for the presets', () => {
    expect(formatLink(DEFAULTS)).toBe('');
    for (const preset of PRESETS) expect(formatLink(presetSettings(preset)).length).toBeLessThan(120);
  });

  it('survives being written again by something that encodes more', () => {
    const chosen = { ...DEFAULTS, edits: [{ kind: 'add', x: -0.5, y: 1e-3, label: 1 }] as const };
    expect(parseLink(formatLink(chosen).replaceAll(',', '%2C')).settings).toEqual(chosen);
  });

  it('names what it does not understand and leaves it as it was', () => {
    const { settings, remarks } = parseLink('v=1&rate=0.5&colour=red&hidden=0-3&classes=2.5&noise=NaN&l2=-1');
    expect(settings).toEqual({ ...DEFAULTS, learningRate: 0.5 });
    expect(remarks).toEqual([
      { what: 'unknown', name: 'colour' },
      ...['hidden', 'classes', 'noise', 'l2'].map((name) => ({ what: 'malformed', name })),
    ]);
  });

  it.each([
    ['edits=a1,2', 'edits'],
    ['edits=a1,2,9', 'edits'],
    ['edits=x', 'edits'],
    ['edits=a1e999,0,0', 'edits'],
    ['steps=0x10', 'steps'],
    ['steps=1e999', 'steps'],
    ['steps=', 'steps'],
    ['seed=4294967296', 'seed'],
    ['hidden=1-1-1-1-1-1-1', 'hidden'],
    ['hidden=1025', 'hidden'],
    ['data=__proto__', 'data'],
    ['at=-1', 'at'],
    ['then=5,1,0,auto', 'then'],
    ['then=', 'then'],
    ['then=5,1', 'then'],
    ['then=5,1,0', 'then'],
    ['then=5,1,0,fast', 'then'],
    ['then=5,1,0,auto_5,1,0,auto', 'then'],
    ['then=0,1,0,auto', 'then'],
  ])('refuses %s', (text, name) => {
    expect(parseLink(`v=1&${text}`)).toEqual({
      settings: DEFAULTS,
      step: 0,
      turns: [],
      remarks: [{ what: 'malformed', name }],
    });
  });

  it('takes whatever text for what it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.webFragments()), (text) => {
        const { settings } = parseLink(text);
        expect(parseLink(formatLink(settings)).settings).toEqual(settings);
      }),
      { numRuns: 500 },
    );
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(parseLink(`v=1&${name}=1`)).toEqual({
        settings: DEFAULTS,
        step: 0,
        turns: [],
        remarks: [{ what: 'unknown', name }],
      });
    }
    expect(parseLink(`v=1&edits=${'a0,0,0_'.repeat(200_000)}`).remarks).toEqual([{ what: 'long' }]);
    expect(parseLink('v=2&rate=0.5').remarks).toEqual([{ what: 'version' }]);
    expect(parseLink(`v=1&${'x'.repeat(1000)}=1`).remarks).toEqual([
      { what: 'unknown', name: `${'x'.repeat(32)}…` },
    ]);
  });
});
