import type { TrainerOptions } from '../../types.ts';
import { initialParameters } from '../initialization.ts';
import { RandomState } from '../random-state.ts';
import { spiralFrom } from './spiral.ts';

/** One of the two training runs of the CS231n case study, with the results its authors printed. */
export interface CaseStudy {
  options: TrainerOptions & { learningRate: number };
  /** Updates in the run. */
  steps: number;
  /** The run prints a loss before the update of each step that this number divides. */
  every: number;
  /** The printed figures: six decimals a loss, two for the accuracy. */
  published: { losses: number[]; accuracy: string };
}

/** The notes' standard deviation of the starting weights. */
const INITIALIZATION = 0.01;
const HIDDEN = 100;

/**
 * Rebuilds the run that the notes printed. The use of its random stream was found by search: after
 * `np.random.seed(0)` the data takes 300 normals, 18 are skipped, the linear classifier's weights
 * take 6, the network's 200 and then 300.
 */
function recoverCaseStudy(): { linear: CaseStudy; network: CaseStudy } {
  const random = new RandomState(0);
  const data = spiralFrom(random);
  random.randn(18);
  const { features, classes } = data;
  const linear = initialParameters([features, classes], INITIALIZATION, random);
  const network = initialParameters([features, HIDDEN, classes], INITIALIZATION, random);
  return {
    linear: {
      options: { data, hidden: [], learningRate: 1, l2: 1e-3, parameters: linear },
      steps: 200,
      every: 10,
      published: {
        losses: [
          1.096956, 0.917265, 0.851503, 0.822336, 0.807586, 0.799448, 0.794681, 0.791764, 0.78992, 0.788726,
          0.787938, 0.787409, 0.787049, 0.786803, 0.786633, 0.786514, 0.786431, 0.786373, 0.786331, 0.786302,
        ],
        accuracy: '0.49',
      },
    },
    network: {
      options: { data, hidden: [HIDDEN], learningRate: 1, l2: 1e-3, parameters: network },
      steps: 10_000,
      every: 1000,
      published: {
        losses: [
          1.098744, 0.294946, 0.259301, 0.24831, 0.24617, 0.245649, 0.245491, 0.2454, 0.245335, 0.245292,
        ],
        accuracy: '0.98',
      },
    },
  };
}

/**
 * The notes' linear softmax classifier and two-layer network: their data, starting weights,
 * settings and tables.
 */
export const caseStudy: { linear: CaseStudy; network: CaseStudy } = /* @__PURE__ */ recoverCaseStudy();
