import { expect, test } from 'vitest';
import { indent } from '../src/page/inside/indent.ts';
import { columnSums } from './column-sums.wgsl.ts';
import { fusedBackward, fusedForward, fusedLogits } from './fused.wgsl.ts';
import { gather } from './gather.wgsl.ts';
import { type Epilogue, type MatmulForm, STRIP_TERMS } from './lib/epilogue.ts';
import type { Kernel } from './lib/kernel.ts';
import { matmul } from './matmul.wgsl.ts';
import { sharedMatmul } from './matmul-shared.wgsl.ts';
import { matmulStrips } from './matmul-strips.wgsl.ts';
import { reluMask } from './relu-mask.wgsl.ts';
import { resident } from './resident.wgsl.ts';
import { softmax } from './softmax.wgsl.ts';
import { sum } from './sum.wgsl.ts';
import { update } from './update.wgsl.ts';

/**
 * The case study's network: 300 rows of 2 features, 100 hidden units, 3 classes, and 603
 * parameters.
 */
const NETWORK = { features: 2, classes: 3, hidden: true, batches: false };
const PARAMETERS = 603;
const ROWS = 300;

/** A product of k terms whose invocations compute 4 rows and as many columns, up to 4. */
const product = (form: MatmulForm, k: number, columns: number, epilogue: Epilogue) =>
  matmul({
    form,
    epilogue,
    strips: k > STRIP_TERMS ? 'all' : 'one',
    tile: { rows: 4, columns: Math.min(columns, 4) },
    unroll: Math.min(k, 4),
    tail: k > 4 && k % 4 !== 0,
  });

const KERNELS: { [name: string]: () => Kernel } = {
  hidden: () => product('nn', 2, 100, { bias: true, relu: true }),
  logits: () => product('nn', 100, 3, { bias: true }),
  'softmax-loss': () => softmax({ output: 'loss' }),
  'softmax-probabilities': () => softmax({ output: 'probabilities' }),
  dweights: () => product('tn', ROWS, 3, {}),
  dbiases: () => columnSums(),
  dhidden: () => product('nt', 3, 100, {}),
  'relu-mask': () => reluMask(),
  'update-sgd': () => update({ rule: 'sgd' }),
  'update-momentum': () => update({ rule: 'momentum' }),
  'update-adam': () => update({ rule: 'adam' }),
  sum: () => sum(),
  'sum-of-squares': () => sum({ square: true }),
  gather: () => gather(),
  'dweights-updated': () => product('tn', ROWS, 3, { update: 'sgd' }),
  'dhidden-masked': () => product('nt', 3, 100, { mask: true }),
  'hidden-shared': () =>
    sharedMatmul({ form: 'nn', epilogue: { bias: true, relu: true }, strips: 'one', block: 64 }),
  'dweights-strips': () => matmulStrips(),
  'fused-forward': () => fusedForward({ network: NETWORK, perInvocation: 4, workgroup: 64 }),
  'fused-logits': () => fusedLogits({ network: NETWORK, perInvocation: 4, workgroup: 64 }),
  'fused-backward': () => fusedBackward({ network: NETWORK, perInvocation: 2, workgroup: 64, rule: 'sgd' }),
  resident: () =>
    resident({
      network: NETWORK,
      rule: 'sgd',
      parameters: PARAMETERS,
      rows: ROWS,
      perInvocation: { rows: 4, units: 2 },
      workgroup: 128,
    }),
};

test.each(Object.keys(KERNELS))('shaders/texts/%s.wgsl is what the generator makes', async (name) => {
  // npx vitest run shaders/texts -u writes the files anew; their difference shows what a change
  // does.
  await expect(indent(KERNELS[name]().code).trimStart()).toMatchFileSnapshot(`texts/${name}.wgsl`);
});
