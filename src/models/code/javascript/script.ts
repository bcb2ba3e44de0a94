import type { CheckedRun } from '../check.ts';
import { NOTES } from '../start.ts';
import { indented, javascriptString, number, paragraphs } from '../text.ts';
import { dataLines, givenLayers, STEP } from './data.ts';
import { Imports } from './imports.ts';
import { optionTexts, rateText, valueText } from './options.ts';

/** A run as an ES module that uses this library. */
export function spiralnetScript(run: CheckedRun): string {
  const imports = new Imports();
  imports.add('spiralnet', 'createTrainer');
  const { lines: data, train } = dataLines(run, imports);
  const start = startLines(run, imports);
  const options = [
    train === 'data' ? 'data' : `data: ${train}`,
    ...optionTexts(run, imports),
    ...(start.length > 0 ? ['parameters'] : []),
  ];
  const body = [
    ['// The data.', ...data],
    start,
    ['const trainer = await createTrainer({', ...options.map((option) => `${STEP}${option},`), '});'],
    trainingLines(run, imports),
    evaluation(run, train === 'train'),
  ];
  const head = [
    '// A run of spiralnet: the same data, the same starting weights, the same losses. A module for Node and',
    '// for pages. The digits of double precision and of the CPU are everywhere the same.',
  ];
  const text = paragraphs(head, imports.lines, ...body);
  return `${text.join('\n')}\n`;
}

/** Makes `parameters`, where the seed alone does not. */
function startLines({ start, sizes }: CheckedRun, imports: Imports): string[] {
  switch (start.kind) {
    case 'seed':
      return [];
    case 'given':
      return ['// The starting weights.', ...givenLayers(start.layers)];
    case 'file':
      imports.add('spiralnet/models', 'importModel');
      imports.add('node:fs/promises', 'readFile');
      return [
        '// The starting weights.',
        `const { parameters } = await importModel(await readFile(${javascriptString(start.file)}));`,
      ];
    case 'notes': {
      imports.add('spiralnet', 'RandomState');
      const layers = sizes.slice(1).map((width, layer) => `draw(${sizes[layer]}, ${width})`);
      const others = sizes.length > 2 ? ` + ${NOTES.linear}` : '';
      return [
        '// The starting weights of the notes, which drew their data and other numbers first.',
        'const random = new RandomState(0);',
        `random.randn(${NOTES.points} + ${NOTES.skipped}${others});`,
        'const draw = (rows, columns) => ({',
        `${STEP}weights: random.randn(rows * columns).map((normal) => ${number(NOTES.deviation)} * normal),`,
        `${STEP}biases: new Float64Array(columns),`,
        '});',
        `const parameters = [${layers.join(', ')}];`,
      ];
    }
  }
}

const PRINT = [`${STEP}console.log(\`iteration \${step}: loss \${loss.toFixed(6)}\`);`];

/** Runs that print their losses, with the changes between them. */
function trainingLines({ steps, every, last, changes }: CheckedRun, imports: Imports): string[] {
  const loop = (options: string) => [
    `for await (const { step, loss } of trainer.run({ ${options} })) {`,
    ...PRINT,
    '}',
  ];
  if (changes.length === 0) return loop(`steps: ${steps}, every: ${every}${last ? ', last: true' : ''}`);
  const lines = [
    `async function run(steps${last ? ', last = false' : ''}) {`,
    ...indented(loop(`steps, every: ${every}${last ? ', last' : ''}`), STEP),
    '}',
    '',
  ];
  let done = 0;
  for (const { step, changes: values } of changes) {
    if (step > done) lines.push(`await run(${step - done});`);
    done = step;
    const texts = Object.entries(values).map(([name, value]) => {
      const data = typeof value === 'function' ? Reflect.get(value, 'data') : value;
      return `${name}: ${name === 'learningRate' ? rateText(data, imports) : valueText(data, imports)}`;
    });
    lines.push(`trainer.set({ ${texts.join(', ')} });`);
  }
  if (done < steps || last) lines.push(`await run(${steps - done}${last ? ', true' : ''});`);
  return lines;
}

/** The accuracy, or r² of a regression, of the training rows, then the loss and that of those for testing. */
function evaluation({ loss }: CheckedRun, test: boolean): string[] {
  const [field, word, digits] = loss === 'squared-error' ? ['r2', 'r2', 4] : ['accuracy', 'accuracy', 2];
  const line = (what: string, value: string, digits: number) =>
    `console.log(\`${what}: \${${value}.toFixed(${digits})}\`);`;
  const print = (what: string, from: string) => line(`${what} ${word}`, `${from}.${field}`, digits);
  return [
    'const trained = await trainer.measure();',
    print('training', 'trained'),
    ...(test
      ? [
          'const tested = await trainer.measure(test);',
          line('test loss', 'tested.loss', 6),
          print('test', 'tested'),
        ]
      : []),
    'trainer.destroy();',
  ];
}
