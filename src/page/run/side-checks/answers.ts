import type { FloatArray } from '../../../index.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { outputsIn } from '../experiment/insight.ts';
import type { Answer, Cell, CellRows, Question } from '../protocol.ts';

/**
 * The answer to a question about a network at its present step.
 * @throws the signal's reason after an abort, where the answer takes long
 */
export async function answerTo(
  experiment: Experiment,
  question: Question,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  if (question.what === 'cell') return rowsOfCell(experiment, question);
  if (question.what === 'speeds') {
    const { speedsOf } = await import('./speeds.ts');
    return speedsOf(experiment, signal);
  }
  if (question.what === 'hidden') {
    const { hiddenSpace } = await import('./hidden-space.ts');
    return hiddenSpace(experiment, question.over);
  }
  const { trainer } = experiment;
  return { what: 'outputs', outputs: Float32Array.from(outputsIn(await trainer.predict(question.inputs))) };
}

async function rowsOfCell(
  { trainer, trainingData, testData }: Experiment,
  { cell, most }: Extract<Question, { what: 'cell' }>,
): Promise<CellRows | undefined> {
  const data = cell.part === 'train' ? trainingData : testData;
  if (!data) return undefined;
  const { step } = trainer;
  const told = await trainer.predict(data.inputs);
  if (!('labels' in data && 'labels' in told)) return undefined;
  const { classes, labels } = data;
  const outputs = outputsIn(told);
  const inCell: number[] = [];
  labels.forEach((label, row) => {
    if (label === cell.label && told.labels[row] === cell.taken) inCell.push(row);
  });
  const rows = worstFirst(inCell, outputs, { cell, classes, scored: told.scores !== undefined }).slice(
    0,
    most,
  );
  const listed = new Float32Array(rows.length * classes);
  rows.forEach((row, i) => {
    listed.set(outputs.subarray(row * classes, (row + 1) * classes), i * classes);
  });
  return { what: 'cell', step, count: inCell.length, rows: Uint32Array.from(rows), outputs: listed };
}

/**
 * Rows of one class, the largest loss first. Of rows without a loss, as the hinge loss has them, the least
 * sure are first.
 */
function worstFirst(
  rows: readonly number[],
  outputs: FloatArray,
  { cell: { label }, classes, scored }: { cell: Cell; classes: number; scored: boolean },
): number[] {
  const told = rows.map((row) => {
    const own = outputs[row * classes + label];
    let [loss, rival] = [scored ? 0 : -own, Number.NEGATIVE_INFINITY];
    for (let k = 0; k < classes; k++) {
      if (k === label) continue;
      const other = outputs[row * classes + k];
      rival = Math.max(rival, other);
      // The loss of softmax falls with the probability of the row's class.
      if (scored) loss += Math.max(0, other - own + 1);
    }
    return { row, loss, behind: rival - own };
  });
  return told.sort((a, b) => b.loss - a.loss || b.behind - a.behind || a.row - b.row).map(({ row }) => row);
}
