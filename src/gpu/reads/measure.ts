import { AllFacts, type RowFacts } from '../../data/answers.ts';
import { type AnyMeasurement, l1Term, l2Term, measurement, type Penalties } from '../../engine.ts';
import type { AnyDataset, FloatArray } from '../../types.ts';
import { compiled } from '../kernels/dispatch.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import type { LossTerms } from '../network/activations.ts';
import { evaluationPass, logitsPassOf } from '../network/forward.ts';
import { freezeParameters } from '../network/parameter-copies.ts';
import { checkDiverged, type ParameterBuffers } from '../network/parameters.ts';
import { type Source, sourceOf } from '../network/rows.ts';
import { Evaluation } from '../plans/plan.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/** A measurement's step and the factors of its penalties. */
export interface Moment extends Penalties {
  step: number;
}

/**
 * The measurement of an evaluation's results: the mean loss over rows, by class weights, parts of the number of correct rows, Σ W² of
 * each of the layers, and with an L1 term Σ|W| of each.
 */
export function measurementOf(
  { step, l2, l1 }: Moment,
  results: FloatArray,
  { rows, weight, spread }: RowFacts,
  layers: number,
): AnyMeasurement {
  const [mean, ...counts] = results.subarray(0, -2 * layers);
  // Losses of weight 0 are 0.
  const dataLoss = weight === 0 ? mean : mean * (rows / weight);
  const correct = counts.reduce((sum, count) => sum + count);
  return measurement(step, dataLoss, correct / rows, spread, {
    l2Loss: l2Term(results.slice(-2 * layers, -layers), l2),
    l1Loss: l1Term(results.slice(-layers), l1),
  });
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
  facts: AllFacts,
  now: () => Moment,
): Promise<AnyMeasurement> {
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
  // The settings may have gained a term since the evaluation was made.
  const { l1, classWeights } = evaluation.terms;
  const own = { ...moment, l1: l1 ? moment.l1 : 0 };
  const values = memory.format.decode(results);
  return measurementOf(own, values, facts.at(classWeights), network.parameters.length);
}

/**
 * Measures other rows than those of a step, or rows that are streamed, with memory of its own.
 * @param now gives the moment, and the terms of its loss
 */
export async function measureApart(
  memory: GpuMemory,
  network: ParameterBuffers,
  { source, facts }: { source: Source; facts: AllFacts },
  now: () => Moment & { terms: LossTerms },
): Promise<AnyMeasurement> {
  const evaluationOf = async (network: ParameterBuffers) => {
    const logits = await logitsPassOf(network);
    const { terms } = now();
    const evaluation = await allocating(
      memory.device,
      'measuring',
      () => new Evaluation(memory, evaluationPass(memory, network, source, logits, terms)),
    );
    await compiled(evaluation.dispatches);
    return evaluation;
  };
  if (!source.streamed) {
    const evaluation = await evaluationOf(network);
    return measure(memory, network, () => evaluation, facts, now);
  }
  // Rows are streamed from a copy of the parameters, because training may go on meanwhile.
  let at = now();
  const frozen = await freezeParameters(memory, network, () => {
    at = now();
  });
  const evaluation = await evaluationOf(frozen);
  await evaluation.stream();
  return measure(
    memory,
    network,
    () => evaluation,
    facts,
    () => at,
  );
}

/** Measures a data set of the caller's. */
export async function measureData(
  memory: GpuMemory,
  network: ParameterBuffers,
  data: AnyDataset,
  now: () => Moment & { terms: LossTerms },
): Promise<AnyMeasurement> {
  const source = await allocating(memory.device, 'the data', () => sourceOf(memory, data));
  return measureApart(memory, network, { source, facts: new AllFacts(data) }, now);
}
