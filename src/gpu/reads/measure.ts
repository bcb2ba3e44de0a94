import { l2Term, measurement } from '../../engine.ts';
import type { Dataset, FloatArray, Measurement } from '../../types.ts';
import { compiled } from '../kernels/dispatch.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { evaluationPass, logitsPassOf } from '../network/forward.ts';
import { freezeParameters } from '../network/parameter-copies.ts';
import { checkDiverged, type ParameterBuffers } from '../network/parameters.ts';
import { type Source, sourceOf } from '../network/rows.ts';
import { Evaluation } from '../plans/plan.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/** A measurement's step and the λ of its L2 term. */
export interface Moment {
  step: number;
  l2: number;
}

/**
 * The measurement of an evaluation's results: the loss, parts of the number of correct rows, and
 * Σ W² of each of the layers.
 */
export function measurementOf(
  { step, l2 }: Moment,
  results: FloatArray,
  rows: number,
  layers: number,
): Measurement {
  const squares = results.slice(-layers);
  const [dataLoss, ...counts] = results.subarray(0, -layers);
  const correct = counts.reduce((sum, count) => sum + count);
  return measurement(step, dataLoss, correct / rows, l2Term(squares, l2));
}

/**
 * Runs an evaluation of the parameters at this point of the queue.
 * @param current gives the evaluation, which may be another plan's after a wait
 * @param now gives the moment at which commands are recorded
 */
export async function measure(
  memory: GpuMemory,
  network: ParameterBuffers,
  current: () => Evaluation,
  rows: number,
  now: () => Moment,
): Promise<Measurement> {
  const readback = await Readback.create(memory, current().words + 1);
  const evaluation = current();
  const moment = now();
  const commands = new Commands(memory, 'measure');
  evaluation.encode(commands);
  readback.copy(commands, evaluation.results, evaluation.words);
  readback.copy(commands, network.diverged, 1);
  const { origin } = network;
  await commands.submit();
  const [results, flag] = await readback.read();
  checkDiverged(flag, origin);
  return measurementOf(moment, memory.format.decode(results), rows, network.parameters.length);
}

/** Measures other rows than those of a step, or rows that are streamed, with memory of its own. */
export async function measureApart(
  memory: GpuMemory,
  network: ParameterBuffers,
  data: Dataset | Source,
  now: () => Moment,
): Promise<Measurement> {
  const evaluationOf = async (network: ParameterBuffers, source: Source) => {
    const logits = await logitsPassOf(network);
    const evaluation = await allocating(
      memory.device,
      'measuring',
      () => new Evaluation(memory, evaluationPass(memory, network, source, logits)),
    );
    await compiled(evaluation.dispatches);
    return evaluation;
  };
  const source =
    'features' in data ? await allocating(memory.device, 'the data', () => sourceOf(memory, data)) : data;
  if (!source.streamed) {
    const evaluation = await evaluationOf(network, source);
    return measure(memory, network, () => evaluation, source.rows, now);
  }
  // Rows are streamed from a copy of the parameters, because training may go on meanwhile.
  let at = now();
  const frozen = await freezeParameters(memory, network, () => {
    at = now();
  });
  const evaluation = await evaluationOf(frozen, source);
  await evaluation.stream();
  return measure(
    memory,
    network,
    () => evaluation,
    source.rows,
    () => at,
  );
}
