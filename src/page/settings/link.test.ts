import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLink, type Linked, parseLink } from './link.ts';
import { PRESETS, presetSettings } from './presets.ts';
import {
  BACKENDS,
  DEFAULTS,
  type Edit,
  within as isWithin,
  LAYERS,
  MOST_EDITS,
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

/** The seed of the property tests, so that a failure can be repeated. */
const seed = Number(process.env.PROPERTY_SEED ?? 1971);

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
      { numRuns: 300, seed },
    );
  });

  it('is empty for the defaults, and short for the presets', () => {
    expect(formatLink(DEFAULTS)).toBe('');
    for (const preset of PRESETS) expect(formatLink(presetSettings(preset)).length).toBeLessThan(120);
  });

  it('is read the same if a program encodes more of it', () => {
    const chosen = { ...DEFAULTS, edits: [{ kind: 'add', x: -0.5, y: 1e-3, label: 1 }] as const };
    expect(parseLink(formatLink(chosen).replaceAll(',', '%2C')).settings).toEqual(chosen);
  });

  it('names parts that it does not understand, and keeps their defaults', () => {
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

  it('reads any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.webFragments()), (text) => {
        const { settings } = parseLink(text);
        expect(parseLink(formatLink(settings)).settings).toEqual(settings);
      }),
      { numRuns: 500, seed },
    );
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(parseLink(`v=1&${name}=1`)).toEqual({
        settings: DEFAULTS,
        step: 0,
        turns: [],
        remarks: [{ what: 'unknown', name }],
      });
    }
    expect(parseLink('v=1&rate=-0').settings.learningRate).toBe(0);
    expect(parseLink(`v=1&edits=${'a0,0,0_'.repeat(200_000)}`).remarks).toEqual([{ what: 'long' }]);
    expect(parseLink('v=2&rate=0.5').remarks).toEqual([{ what: 'version' }]);
    expect(parseLink(`v=1&${'x'.repeat(1000)}=1`).remarks).toEqual([
      { what: 'unknown', name: `${'x'.repeat(32)}…` },
    ]);
  });

  describe('made to do harm', () => {
    const NAMES = [
      ...[
        'data',
        'classes',
        'points',
        'noise',
        'seed',
        'test',
        'edits',
        'hidden',
        'init',
        'deviation',
        'weights',
      ],
      ...['rate', 'l2', 'optimizer', 'momentum', 'batch', 'precision', 'backend', 'plan', 'steps', 'loss'],
      ...['accuracy', 'patience', 'speed', 'at', 'then'],
    ];
    const POISONS = [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      'javascript:alert(1)',
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      '{"__proto__":{"polluted":1}}',
      ...[
        'NaN',
        '1e999',
        '-1e999',
        'Infinity',
        '-Infinity',
        '0x10',
        '0b1',
        '1_0',
        '١',
        '１',
        ' 1',
        '1 ',
        '+1',
        '.5',
      ],
      ...[
        '\0',
        '1\0',
        '\ud800',
        '\udfff1',
        '%',
        '%0',
        '%zz',
        '%ff%fe',
        '%00',
        '\u202e1',
        '\ufeff1',
        '1\n',
        '',
      ],
    ];

    /** Expects settings that the page itself could have written. */
    function expectInRange({ settings, step, turns, remarks }: Linked): void {
      expect(Object.keys(settings)).toEqual(Object.keys(DEFAULTS));
      expect(Object.getPrototypeOf(settings)).toBe(Object.prototype);
      for (const [key, range] of Object.entries(RANGES))
        expect(isWithin(settings[key as NumberSetting], range), key).toBe(true);
      expect(SHAPES).toContain(settings.shape);
      expect(STARTS).toContain(settings.initialization);
      expect(OPTIMIZERS).toContain(settings.optimizer);
      expect(PRECISIONS).toContain(settings.precision);
      expect(BACKENDS).toContain(settings.backend);
      expect(PLANS).toContain(settings.plan);
      expect(settings.hidden.length).toBeLessThanOrEqual(LAYERS.max);
      expect(settings.hidden.every((units) => isWithin(units, UNITS))).toBe(true);
      expect(settings.edits.length).toBeLessThanOrEqual(MOST_EDITS);
      for (const edit of settings.edits) {
        if ('x' in edit) expect(Math.max(Math.abs(edit.x), Math.abs(edit.y))).toBeLessThanOrEqual(10);
        if ('row' in edit) expect(isWithin(edit.row, { min: 0, max: 13_000, whole: true })).toBe(true);
        if ('label' in edit) expect(isWithin(edit.label, { min: 0, max: 5, whole: true })).toBe(true);
      }
      expect(isWithin(step, { min: 0, max: 1e12, whole: true })).toBe(true);
      expect(turns.length).toBeLessThanOrEqual(1000);
      for (const [i, turn] of turns.entries()) {
        expect(turn.step).toBeGreaterThan(turns[i - 1]?.step ?? 0);
        expect(turn.step).toBeLessThan(step);
        expect(isWithin(turn.learningRate, RANGES.learningRate) && isWithin(turn.l2, RANGES.l2)).toBe(true);
        expect(PLANS).toContain(turn.plan);
      }
      expect(remarks.length).toBeLessThanOrEqual(7);
      for (const remark of remarks) {
        if (!('name' in remark)) continue;
        expect([...remark.name].length).toBeLessThanOrEqual(33);
        expect(remark.name).not.toMatch(/[\p{C}\p{M}\p{Zl}\p{Zp}]/u);
      }
      // A changed prototype would show in every object.
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    }

    it('keeps every default, whatever stands for a setting', () => {
      for (const name of NAMES) {
        for (const poison of POISONS.flatMap((text) => [text, `${text},${text}`, `${text}_${text}`])) {
          const linked = parseLink(`v=1&${name}=${poison}`);
          // The text is empty if there are no edits.
          if (name === 'edits' && poison === '') continue;
          expect(linked, `${name}=${poison}`).toMatchObject({ settings: DEFAULTS, step: 0, turns: [] });
          expect(linked.remarks).toContainEqual({ what: 'malformed', name });
        }
      }
      expectInRange(parseLink(''));
    });

    it('names unknown parts in plain letters, and only a few', () => {
      const remarks = (text: string) => parseLink(`v=1&${text}`).remarks;
      expect(remarks('%00%1b[31m=1')).toEqual([{ what: 'unknown', name: '\ufffd\ufffd[31m' }]);
      expect(remarks('\u202egnp.exe=1')).toEqual([{ what: 'unknown', name: '\ufffdgnp.exe' }]);
      expect(remarks(`a${'\u0301'.repeat(9)}=1`)).toEqual([
        { what: 'unknown', name: `a${'\ufffd'.repeat(9)}` },
      ]);
      expect(remarks(`${'😀'.repeat(40)}=1`)).toEqual([{ what: 'unknown', name: `${'😀'.repeat(32)}…` }]);
      expect(remarks('%ed%a0%80=1')[0]).toMatchObject({ name: '\ufffd\ufffd\ufffd' });
      expect(remarks('a&b&c&d&e')).toHaveLength(5);
      expect(remarks('a&b&c&d&e&f&g')).toEqual([
        ...['a', 'b', 'c', 'd', 'e'].map((name) => ({ what: 'unknown', name })),
        { what: 'more', count: 2 },
      ]);
    });

    it('takes any parts in any order', () => {
      const part = fc.tuple(
        fc.oneof(fc.constantFrom(...NAMES, 'v', '__proto__', 'constructor'), fc.string({ unit: 'binary' })),
        fc.oneof(
          fc.constantFrom(
            ...POISONS,
            '1',
            '0',
            '0.5',
            '12',
            'adam',
            'a1,1,1',
            'm0,1,1_r5',
            '3-3',
            '5,1,0,auto',
          ),
          fc.string({ unit: 'binary' }),
        ),
        fc.boolean(),
      );
      fc.assert(
        fc.property(fc.array(part, { maxLength: 40 }), fc.constantFrom('', 'v=1&'), (parts, start) => {
          const text = parts.map(([name, value, encoded]) =>
            encoded ? new URLSearchParams([[name, value]]).toString() : `${name}=${value}`,
          );
          expectInRange(parseLink(start + text.join('&')));
        }),
        { numRuns: Number(process.env.PROPERTY_RUNS ?? 200), seed },
      );
    });

    it.each([
      ['100,000 repeated settings', 'rate=1&'.repeat(100_000)],
      ['100,000 names', Array.from({ length: 100_000 }, (_, i) => `${i}`).join('&')],
      ['100,000 edits', `edits=${'a0,0,0_'.repeat(100_000)}`],
      [
        '100,000 turns',
        `at=1000000&then=${Array.from({ length: 100_000 }, (_, i) => `${i + 1},1,0,auto`).join('_')}`,
      ],
      ['megabytes of digits', `rate=${'1'.repeat(5_000_000)}`],
      ['megabytes of percent signs', '%'.repeat(5_000_000)],
      ['as many names as are read', `v=1&${'&='.repeat(24_990)}`],
      ['as many edits as are read', `v=1&edits=${'r1_'.repeat(16_600)}r1`],
      ['as many turns as are read', `v=1&then=${'1,1,0,auto_'.repeat(4500)}`],
      ['a long number', `v=1&rate=${'1'.repeat(49_900)}`],
      ['a long name', `v=1&${'\u0301'.repeat(49_900)}=1`],
    ])('is read at once: %s', (_, text) => {
      const linked = parseLink(text);
      // Processor time, as other work may hold up the process; the least of three, as the process
      // may collect garbage.
      const times = [1, 2, 3].map(() => {
        const start = process.cpuUsage();
        parseLink(text);
        const { user, system } = process.cpuUsage(start);
        return (user + system) / 1000;
      });
      expect(Math.min(...times)).toBeLessThan(100);
      expectInRange(linked);
      expect(linked).toMatchObject({ settings: DEFAULTS, step: 0, turns: [] });
      expect(linked.remarks.length).toBeGreaterThan(0);
    });
  });
});
