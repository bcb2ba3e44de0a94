import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLink, type Linked, parseLink } from './link.ts';
import { PRESETS, presetSettings } from './presets.ts';
import {
  ACTIVATIONS,
  BACKENDS,
  CLASS_WEIGHT,
  DEFAULTS,
  type Edit,
  FEATURES,
  within as isWithin,
  LAYERS,
  LOSSES,
  MOST_EDITS,
  type NumberSetting,
  OPTIMIZERS,
  PLANS,
  PRECISIONS,
  RANGES,
  type Range,
  SCHEDULES,
  type Settings,
  SHAPES,
  STARTS,
  type TableChoice,
  TURNED,
  turnAt,
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

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const table: fc.Arbitrary<TableChoice> = fc.record({
  name,
  sha256: fc.oneof(
    fc.constant(''),
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }),
  ),
  label: name,
  task: fc.constantFrom('classes', 'values'),
  missing: fc.constantFrom('drop', 'mean'),
  columns: fc.array(name, { maxLength: 5 }),
});

const numbers = Object.fromEntries(
  Object.entries(RANGES).map(([key, range]) => [key, within(range)]),
) as Record<NumberSetting, fc.Arbitrary<number>>;

const settings: fc.Arbitrary<Settings> = fc.record({
  ...numbers,
  shape: fc.constantFrom(...SHAPES),
  edits: fc.array(edit, { maxLength: 20 }),
  table: fc.option(table, { nil: undefined }),
  scaled: fc.boolean(),
  axes: fc.oneof(fc.constant([]), fc.uniqueArray(fc.nat(1e6), { minLength: 2, maxLength: 2 })),
  hidden: fc.array(within(UNITS), { maxLength: LAYERS.max }),
  features: fc.subarray([...FEATURES], { minLength: 1 }),
  initialization: fc.constantFrom(...STARTS),
  activation: fc.constantFrom(...ACTIVATIONS),
  loss: fc.constantFrom(...LOSSES),
  classWeights: fc.array(within(CLASS_WEIGHT), { maxLength: RANGES.classes.max }),
  schedule: fc.constantFrom(...SCHEDULES),
  optimizer: fc.constantFrom(...OPTIMIZERS),
  precision: fc.constantFrom(...PRECISIONS),
  backend: fc.constantFrom(...BACKENDS),
  plan: fc.constantFrom(...PLANS),
});

describe('a link', () => {
  it('holds any settings and the step, to the last bit', () => {
    const turn = fc
      .tuple(fc.integer({ min: 1, max: RANGES.stopStep.max }), settings)
      .map(([step, settings]) => turnAt(step, settings));
    const turns = fc
      .uniqueArray(turn, { selector: ({ step }) => step, maxLength: 5 })
      .map((turns) => turns.toSorted((a, b) => a.step - b.step));
    fc.assert(
      fc.property(settings, fc.nat(), turns, (chosen, further, turns) => {
        // A run may stand where its last turn was taken.
        const step = further + (turns[turns.length - 1]?.step ?? 1);
        const linked = parseLink(formatLink(chosen, step, turns));
        // A person's file is nobody's business where its rows are not used.
        const { shape } = chosen;
        const lost = shape === 'table' && !chosen.table;
        const told = {
          ...chosen,
          shape: lost ? DEFAULTS.shape : shape,
          table: shape === 'table' ? chosen.table : undefined,
        };
        const remarks = lost ? [{ what: 'malformed', name: 'data' }] : [];
        expect(linked).toEqual({ settings: told, step, turns, remarks });
      }),
      { numRuns: 300, seed },
    );
  });

  it('is empty for the defaults, and short for the presets', () => {
    expect(formatLink(DEFAULTS)).toBe('');
    for (const preset of PRESETS) expect(formatLink(presetSettings(preset)).length).toBeLessThan(120);
  });

  // A link that a page before these settings wrote, and what that page read from it.
  it('of earlier pages means what it meant', () => {
    const text =
      'v=1&data=moons&classes=2&hidden=8-8&init=glorot&rate=0.5&l2=0&optimizer=adam&momentum=0.5&batch=32&at=900&then=300,0.1,0.01,auto_600,0.05,0,layered';
    const { settings, step, turns, remarks } = parseLink(text);
    expect(remarks).toEqual([]);
    expect(step).toBe(900);
    expect(settings).toEqual({
      ...DEFAULTS,
      ...{ shape: 'moons', classes: 2, hidden: [8, 8], initialization: 'glorot', learningRate: 0.5, l2: 0 },
      ...{ optimizer: 'adam', momentum: 0.5, batchSize: 32 },
    });
    expect(turns).toEqual([
      { ...turnAt(300, settings), learningRate: 0.1, l2: 0.01 },
      { ...turnAt(600, settings), learningRate: 0.05, plan: 'layered' },
    ]);
    expect(formatLink(settings, step, turns)).toBe(text);
  });

  it('names in a turn only what differs from the start of the run, in any order of its parts', () => {
    const start: Settings = { ...DEFAULTS, l1: 0.1, classWeights: [1, 2, 3] };
    const turns = [turnAt(5, { ...start, l1: 0, classWeights: [], schedule: 'cosine' }), turnAt(7, start)];
    const text = formatLink(start, 9, turns);
    expect(text).toBe(
      'v=1&balance=1,2,3&l1=0.1&at=9&then=5,1,0.001,auto,schedule:cosine,l1:0,balance:_7,1,0.001,auto',
    );
    const parts = text.split('&');
    for (const order of [parts, [...parts.slice(0, 1), ...parts.slice(1).toReversed()]])
      expect(parseLink(order.join('&'))).toEqual({ settings: start, step: 9, turns, remarks: [] });
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
    ['at=9&then=5,1,0,auto,', 'then'],
    ['at=9&then=5,1,0,auto,momentum', 'then'],
    ['at=9&then=5,1,0,auto,momentum:2', 'then'],
    ['at=9&then=5,1,0,auto,momentum:0:1', 'then'],
    ['at=9&then=5,1,0,auto,hidden:3', 'then'],
    ['at=9&then=5,1,0,auto,constructor:3', 'then'],
    ['at=9&then=5,1,0,auto,balance:1:2:101', 'then'],
    ['inputs=', 'inputs'],
    ['inputs=x-x', 'inputs'],
    ['inputs=x-z', 'inputs'],
    ['activation=swish', 'activation'],
    ['dropout=1', 'dropout'],
    ['objective=mse', 'objective'],
    ['balance=1,2,', 'balance'],
    [`balance=${'1,'.repeat(100)}1`, 'balance'],
    ['balance=-1', 'balance'],
    ['schedule=linear', 'schedule'],
    ['every=0', 'every'],
    ['factor=0', 'factor'],
    ['beta2=1', 'beta2'],
    ['epsilon=1e-11', 'epsilon'],
    ['scaled=yes', 'scaled'],
    ['axes=1', 'axes'],
    ['axes=1-1', 'axes'],
    ['axes=1-2-3', 'axes'],
    ['table=', 'table'],
    ['data=table', 'data'],
    [`table=a.csv,${'0'.repeat(63)},y,classes,drop`, 'table'],
    [`table=a.csv,${'0'.repeat(64)},y,guesses,drop`, 'table'],
    [`table=a.csv,${'0'.repeat(64)},y,classes,fill`, 'table'],
    [`table=a.csv,${'0'.repeat(64)},,classes,drop`, 'table'],
  ])('refuses %s', (text, name) => {
    expect(parseLink(`v=1&${text}`)).toEqual({
      settings: DEFAULTS,
      step: text.startsWith('at=9') ? 9 : 0,
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
      ...['accuracy', 'patience', 'speed', 'at', 'then', 'inputs', 'activation', 'dropout', 'objective'],
      ...['balance', 'schedule', 'warmup', 'every', 'factor', 'cosine', 'end', 'l1', 'wd', 'beta1', 'beta2'],
      ...['decay', 'epsilon'],
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
      expect(settings.features.length).toBeGreaterThan(0);
      expect(settings.features).toEqual(FEATURES.filter((feature) => settings.features.includes(feature)));
      expect(ACTIVATIONS).toContain(settings.activation);
      expect(LOSSES).toContain(settings.loss);
      expect(SCHEDULES).toContain(settings.schedule);
      expect(settings.classWeights.length).toBeLessThanOrEqual(RANGES.classes.max);
      expect(settings.classWeights.every((weight) => isWithin(weight, CLASS_WEIGHT))).toBe(true);
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
        expect(Object.keys(turn)).toEqual(['step', ...TURNED]);
        for (const key of TURNED) {
          if (key in RANGES)
            expect(isWithin(turn[key] as number, RANGES[key as NumberSetting]), key).toBe(true);
        }
        expect(PLANS).toContain(turn.plan);
        expect(SCHEDULES).toContain(turn.schedule);
        expect(turn.classWeights.every((weight) => isWithin(weight, CLASS_WEIGHT))).toBe(true);
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
          // The text is empty if there are no edits, and if all classes weigh the same.
          if ((name === 'edits' || name === 'balance') && poison === '') continue;
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
            '5,1,0,auto,momentum:0.5,balance:1:2',
            'x-r-angle',
            '1,2,0.5',
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
      ['turns with as much as is read', `v=1&then=${'1,1,0,auto,l1:1,balance:1:1:1:1:1:1_'.repeat(1400)}`],
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
