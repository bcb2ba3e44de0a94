import { fusedLogits } from '../../../shaders/fused.wgsl.ts';
import { gather } from '../../../shaders/gather.wgsl.ts';
import type { ClassWeights } from '../../data/answers.ts';
import { lossName } from '../../step-formulas.ts';
import { isSoftwareAdapter } from '../device/adapter.ts';
import { computing, createDispatch, type Dispatch } from '../kernels/dispatch.ts';
import { loss, sum, type Weighting } from '../kernels/operations.ts';
import type { GpuMemory } from '../memory/memory.ts';
import {
  type Activations,
  countParts,
  createActivations,
  type EvaluationPass,
  type LossPass,
  type LossTerms,
  resultCount,
} from './activations.ts';
import { narrowNetwork, narrowShapeWords, narrowWork, whyNotNarrowSizes } from './narrow.ts';
import type { ParameterBuffers } from './parameters.ts';
import { answerBuffer, answerWords, chunkRows, type GpuRows, type Source } from './rows.ts';
import type { Schedule } from './schedule.ts';

/*
 * The first half of a step of a network of any shape, in the order of its operations: batch,
 * forward, loss. `backward.ts` has the second half. The functions make dispatches and buffers: call
 * them within `allocating`.
 */

/**
 * The dispatch that copies the inputs and answers of a mini-batch from the training data; none if a
 * step sees all rows.
 */
export function batchPass(
  memory: GpuMemory,
  { sizes, loss }: ParameterBuffers,
  { rows, inputs, answers }: GpuRows & { rows: number },
  data: GpuRows,
  { order, steps }: Pick<Schedule, 'order' | 'steps'>,
): Dispatch[] {
  if (!order) return [];
  const features = sizes[0];
  const outputs = loss.answers === 'targets' ? [sizes[sizes.length - 1]] : [];
  const dispatch = createDispatch(memory, {
    label: 'gather batch',
    kernel: gather(loss.answers, memory.format.arithmetic),
    buffers: [data.inputs, data.answers, order, inputs, answers],
    uniform: [rows, features, ...outputs],
    extent: { x: rows * features },
    steps,
  });
  return computing(['batch'], [dispatch]);
}

/** Makes the dispatches that compute the logits alone, into the last entry of `outputs`. */
export type LogitsPass = (
  memory: GpuMemory,
  network: ParameterBuffers,
  activations: Pick<Activations, 'rows' | 'inputs' | 'outputs'>,
) => Dispatch[];

/**
 * The way to the logits of a network. A narrow network needs one dispatch, which stores no hidden
 * outputs; the code for other networks loads when it is first needed.
 */
export async function logitsPassOf({ sizes }: ParameterBuffers): Promise<LogitsPass> {
  return whyNotNarrowSizes(sizes) ? (await import('./layers.ts')).forwardPass : narrowLogits;
}

/** The dispatch that computes the logits of a narrow network. */
export const narrowLogits: LogitsPass = (memory, network, { rows, inputs, outputs }) => {
  const { sizes, parameters } = network;
  // Four rows share their loads, which are most of the work on a software adapter.
  const tiling = isSoftwareAdapter(memory.device.adapterInfo)
    ? { perInvocation: 4, workgroup: 8 }
    : { perInvocation: 1, workgroup: 64 };
  const dispatch = createDispatch(memory, {
    label: 'fused logits',
    kernel: fusedLogits({
      network: narrowNetwork(network),
      ...tiling,
      arithmetic: memory.format.arithmetic,
    }),
    buffers: [parameters[0].weights.buffer, inputs, outputs[outputs.length - 1]],
    uniform: [...narrowShapeWords(memory, network), rows],
    extent: { x: rows },
    work: narrowWork(sizes, rows),
  });
  return [dispatch];
};

/**
 * The dispatch of the loss and its gradient on the logits, after the logits.
 * @param total the sum of the class weights of all rows, or the buffer of the steps that have it
 */
export function lossPass(
  memory: GpuMemory,
  network: ParameterBuffers,
  { rows, answers, outputs, dOutputs, losses, correct }: Activations,
  classWeights: ClassWeights,
  total: Weighting['total'],
): Dispatch[] {
  const logits = outputs[outputs.length - 1];
  const gradient = dOutputs[dOutputs.length - 1];
  const classes = network.sizes[network.sizes.length - 1];
  const tensors = { logits, answers, losses, correct, gradient };
  const weighting = classWeights && {
    weights: memory.upload('class weights', Float64Array.from(classWeights)),
    total,
  };
  return computing(
    [lossName(network.loss.name)],
    [loss(memory, network.loss, { rows, classes }, tensors, weighting)],
  );
}

/**
 * The dispatches that compute loss, accuracy, ΣW² and Σ|W| over a source.
 * @param pass the forward pass with loss of the training step, if it takes the whole source
 */
export function evaluationPass(
  memory: GpuMemory,
  network: ParameterBuffers,
  source: Source,
  logits: LogitsPass,
  terms: LossTerms,
  pass = chunkPass(memory, network, source, logits, terms),
): EvaluationPass {
  return evaluating(memory, network, source, terms, pass, [source.rows]);
}

/** The dispatches that compute loss, accuracy and ΣW² over the rows of a mini-batch. */
export function batchEvaluationPass(
  memory: GpuMemory,
  network: ParameterBuffers,
  data: GpuRows,
  schedule: Schedule,
  logits: LogitsPass,
  terms: LossTerms,
): EvaluationPass {
  const [rows] = schedule.batchLengths;
  const batch = {
    rows,
    inputs: memory.reals('measured inputs', rows * network.sizes[0]),
    answers: answerBuffer(memory, 'measured', network, rows),
  };
  const pass = chunkPass(memory, network, batch, logits, terms);
  return {
    ...evaluating(memory, network, batch, terms, pass, schedule.batchLengths),
    gather: batchPass(memory, network, batch, data, schedule),
  };
}

/** @param lengths the numbers of rows of which a result may be wanted: the first rows count */
function evaluating(
  memory: GpuMemory,
  network: ParameterBuffers,
  source: Source,
  terms: LossTerms,
  pass: LossPass,
  lengths: readonly number[],
): EvaluationPass {
  const { sizes, parameters } = network;
  const { rows } = source;
  const layers = parameters.length;
  const count = resultCount(memory, network, rows);
  const parts = countParts(memory, rows);
  const results = memory.reals('results', count);
  const all =
    pass.activations.rows === rows
      ? pass.activations
      : { losses: memory.reals('all losses', rows), correct: memory.reals('all correct', rows) };
  const norms = parameters.flatMap(({ weights }, layer) => {
    const count = sizes[layer] * sizes[layer + 1];
    const at = 1 + parts + layer;
    return [
      ...sum(memory, `weights ${layer} squared`, count, weights, results, { at, of: 'squares' }),
      ...(terms.l1
        ? sum(memory, `weights ${layer} sizes`, count, weights, results, { at: at + layers, of: 'sizes' })
        : []),
    ];
  });
  const sumsOver = (rows: number) => [
    ...sum(memory, 'losses', rows, all.losses, results, { at: 0, scale: 1 / rows }),
    ...sum(memory, 'correct', rows, all.correct, results, { at: 1, parts }),
    ...norms,
  ];
  const sums = new Map(lengths.map((rows) => [rows, sumsOver(rows)]));
  const words = { features: sizes[0], answerWords: answerWords(memory, network) };
  return { ...pass, gather: [], source, terms, ...words, all, sums, results, count };
}

/** A forward pass with loss over one chunk of rows. */
function chunkPass(
  memory: GpuMemory,
  network: ParameterBuffers,
  source: Source,
  logits: LogitsPass,
  { classWeights }: LossTerms,
): LossPass {
  const { sizes } = network;
  const rows = Math.min(source.rows, chunkRows(memory, Math.max(...sizes)));
  const chunk =
    rows === source.rows && !source.streamed
      ? source
      : {
          inputs: memory.reals('evaluation inputs', rows * sizes[0]),
          answers: answerBuffer(memory, 'evaluation', network, rows),
        };
  const activations = createActivations(memory, 'evaluation', sizes, rows, chunk, false);
  // Nothing reads the gradient, so that the sum of the weights does not count.
  const losses = lossPass(memory, network, activations, classWeights, 1);
  return { activations, dispatches: [...logits(memory, network, activations), ...losses] };
}
