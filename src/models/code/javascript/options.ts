import type { ScheduleData } from '../../../types.ts';
import type { CheckedRun } from '../check.ts';
import { javascriptString, number } from '../text.ts';
import type { Imports } from './imports.ts';

/** The value of a setting or an option in JavaScript. */
export function valueText(value: unknown, imports: Imports): string {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return javascriptString(value);
  if (Array.isArray(value)) return `[${value.map((one) => valueText(one, imports)).join(', ')}]`;
  if (typeof value === 'boolean') return String(value);
  const fields = Object.entries(value as object).map(([name, one]) => `${name}: ${valueText(one, imports)}`);
  return `{ ${fields.join(', ')} }`;
}

/** A learning rate as a number, or by the function that makes its schedule. */
export function rateText(rate: number | ScheduleData, imports: Imports): string {
  if (typeof rate === 'number') return number(rate);
  const call = (name: string, first: string, options: object) => {
    imports.add('spiralnet', name);
    return `${name}(${first}, ${valueText(options, imports)})`;
  };
  switch (rate.schedule) {
    case 'step decay':
      return call('stepDecay', number(rate.rate), { every: rate.every, factor: rate.factor });
    case 'exponential decay':
      return call('exponentialDecay', number(rate.rate), { every: rate.every, factor: rate.factor });
    case 'cosine decay': {
      const end = rate.end === 0 ? {} : { end: rate.end };
      return call('cosineDecay', number(rate.rate), { steps: rate.steps, ...end });
    }
    case 'warmup':
      imports.add('spiralnet', 'warmup');
      return `warmup(${rate.steps}, ${rateText(rate.rate, imports)})`;
  }
}

/** The options of `createTrainer` that differ from their defaults, without data and weights. */
export function optionTexts(run: CheckedRun, imports: Imports): string[] {
  const { sizes, activations, loss, pieces, batchSize, seed, precision, backend, start } = run;
  const { settings, rate } = pieces[0];
  const { l2, l1, weightDecay, dropout, classWeights, optimizer } = settings;
  const hidden = sizes.slice(1, -1);
  const same = new Set(activations).size === 1;
  const initialization = start.kind === 'seed' ? start.initialization : 'he';
  const plain = optimizer.name === 'sgd' && optimizer.momentum === 0;
  const options: [boolean, string, string][] = [
    [hidden.length > 0, 'hidden', valueText(hidden, imports)],
    [
      activations.some((name) => name !== 'relu'),
      'activation',
      valueText(same ? activations[0] : activations, imports),
    ],
    [loss === 'hinge', 'loss', valueText(loss, imports)],
    [true, 'learningRate', rateText(rate, imports)],
    [l2 > 0, 'l2', number(l2)],
    [l1 > 0, 'l1', number(l1)],
    [weightDecay > 0, 'weightDecay', number(weightDecay)],
    [dropout > 0, 'dropout', number(dropout)],
    [classWeights !== undefined, 'classWeights', valueText(classWeights ?? [], imports)],
    [!plain, 'optimizer', valueText(optimizer, imports)],
    [batchSize !== undefined, 'batchSize', String(batchSize)],
    [initialization !== 'he', 'initialization', valueText(initialization, imports)],
    [seed !== 0, 'seed', String(seed)],
    [precision === 'double', 'precision', "'double'"],
    [backend === 'cpu', 'backend', "'cpu'"],
  ];
  return options.flatMap(([given, name, value]) => (given ? [`${name}: ${value}`] : []));
}
