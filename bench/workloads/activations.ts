import { type Activation, caseStudy, createTrainer, type TrainerOptions } from '../../src/index.ts';
import { Contestant, takeTurns, trainerSession } from '../../src/page/measure/contestant.ts';
import { digits, type Table } from '../report/table.ts';
import { checkLoss } from './losses.ts';
import type { Settings } from './measure.ts';

type Way = Required<Pick<TrainerOptions, 'backend' | 'precision'>>;

const ACTIVATIONS: Activation[] = ['relu', 'leaky-relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'identity'];
const WAYS: [name: string, way: Way][] = [
  ['GPU, single', { backend: 'webgpu', precision: 'single' }],
  ['GPU, double', { backend: 'webgpu', precision: 'double' }],
  ['CPU, single', { backend: 'cpu', precision: 'single' }],
];
/** Updates after which losses are compared. */
const CHECK_STEPS = 20;

/**
 * The speed of the case study's network with each activation, on the GPU in both precisions and on the
 * CPU. The activations take turns, and each has its loss compared with the CPU in float64 first.
 * @throws {Error} if a loss is wrong
 */
export async function measureActivations(
  gpu: boolean,
  settings: Settings,
  say: (line: string) => void,
): Promise<Table> {
  const ways = WAYS.filter(([, { backend }]) => gpu || backend === 'cpu');
  const columns: string[][] = [];
  for (const [name, way] of ways) {
    columns.push(await measureWay(way, settings));
    say(`activations: ${name}: ${columns[columns.length - 1].join(', ')}`);
  }
  return {
    title: 'The case study with each activation, steps a second, × ReLU',
    header: ['', ...ways.map(([name]) => name)],
    rows: ACTIVATIONS.map((activation, i) => [activation, ...columns.map((column) => column[i])]),
    notes: [],
  };
}

/** The speed with each activation. */
async function measureWay(way: Way, { timing, rounds }: Settings): Promise<string[]> {
  const contestants: Contestant[] = [];
  try {
    for (const activation of ACTIVATIONS) {
      // Weights of 0.01 learn nothing in few steps.
      const { parameters: _, ...notes } = caseStudy.network.options;
      const options = { ...notes, activation, learningRate: 0.1 };
      const contestant = new Contestant(await trainerSession({ ...options, ...way }));
      contestants.push(contestant);
      const loss = await contestant.lossAfter(CHECK_STEPS);
      const { wrong } = checkLoss(CHECK_STEPS, loss, await reference(options), way.precision);
      if (wrong) throw new Error(`The loss with ${activation} is wrong: ${loss}.`);
      await contestant.warmUp(timing);
    }
    await takeTurns(contestants, rounds, async (contestant) => void (await contestant.time()));
    const [{ spread: relu }] = contestants;
    return contestants.map(({ spread }) => {
      const speed = Math.round(1000 / spread.median);
      return `${speed} (${digits(relu.median / spread.median)})`;
    });
  } finally {
    for (const { session } of contestants) session.destroy();
  }
}

async function reference(options: TrainerOptions): Promise<number> {
  const trainer = await createTrainer({ ...options, backend: 'cpu', precision: 'double' });
  await trainer.train(CHECK_STEPS);
  const { loss } = await trainer.measure();
  trainer.destroy();
  return loss;
}
