import type { CheckedRun } from '../check.ts';
import { NOTES } from '../start.ts';
import { number, pythonString } from '../text.ts';
import { givenLayers } from './data.ts';
import type { Names } from './names.ts';

/** Makes the starting weights and biases. */
export function startLines({ start, source }: CheckedRun, names: Names): string[] {
  const { sizes } = names;
  switch (start.kind) {
    case 'given':
      return ['# The starting weights.', ...givenLayers(start.layers, names)];
    case 'file':
      return fromFile(start.file, names);
    case 'seed': {
      const { initialization } = start;
      const deviation = (layer: number) => {
        const [fanIn, fanOut] = [sizes[layer], sizes[layer + 1]];
        if (initialization === 'he') return `np.sqrt(2 / ${fanIn})`;
        if (initialization === 'glorot') return `np.sqrt(2 / (${fanIn} + ${fanOut}))`;
        if (initialization === 'lecun') return `np.sqrt(1 / ${fanIn})`;
        return number(initialization);
      };
      const stream = `rng = np.random.RandomState(${start.seed})`;
      return ['# The starting weights.', stream, ...draws(names, deviation)];
    }
    case 'notes': {
      const others = sizes.length > 2 ? `${NOTES.skipped} + ${NOTES.linear}` : String(NOTES.skipped);
      const own =
        source.kind === 'points' &&
        source.points.generator === 'spiral' &&
        source.points.seed === 0 &&
        source.points.perClass * source.points.classes === NOTES.points;
      const first = own
        ? ['# The starting weights. The notes drew other numbers first.', `rng.randn(${others})`]
        : [
            '# The starting weights of the notes, which drew their data and other numbers first.',
            'rng = np.random.RandomState(0)',
            `rng.randn(${NOTES.points} + ${others})`,
          ];
      return [...first, ...draws(names, () => number(NOTES.deviation))];
    }
  }
}

/** Draws the weights of every layer; biases are 0. */
function draws({ sizes, layers, W, b }: Names, deviation: (layer: number) => string): string[] {
  return Array.from({ length: layers }, (_, layer) => [
    `${W(layer)} = ${deviation(layer)} * rng.randn(${sizes[layer]}, ${sizes[layer + 1]})`,
    `${b(layer)} = np.zeros(${sizes[layer + 1]})`,
  ]).flat();
}

/** Reads the weights that `exportModel` wrote as npz. */
function fromFile(file: string, { layers, W, b }: Names): string[] {
  return [
    '# The starting weights.',
    `start = np.load(${pythonString(file)})`,
    ...Array.from({ length: layers }, (_, layer) =>
      [
        [W(layer), `W${layer}`],
        [b(layer), `b${layer}`],
      ].map(([own, name]) => `${own} = start[${pythonString(name)}].astype(float)`),
    ).flat(),
  ];
}
